"""What follows from what all Python files tell. No file is read for it, and no parser imported."""
