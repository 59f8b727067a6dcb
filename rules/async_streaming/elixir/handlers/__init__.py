"""What is a handler, and what is given as one."""
