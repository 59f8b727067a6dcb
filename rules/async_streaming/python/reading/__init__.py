"""What the code of a Python file means, whatever becomes of it: its names, classes and values."""
