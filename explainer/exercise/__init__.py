"""Exercises: problems that the program makes itself."""
