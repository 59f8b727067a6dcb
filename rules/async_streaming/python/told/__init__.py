"""What one Python file tells the others."""
