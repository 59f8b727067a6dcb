"""What of the legacy names and calls moves, with the imports that bring them, and what stays."""
