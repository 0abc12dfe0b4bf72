"""Quantities, formulas, functions, and the arithmetics that give formulas values."""
