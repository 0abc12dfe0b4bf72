"""The equations of a problem and their values, step by step."""
