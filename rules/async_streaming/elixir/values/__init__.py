"""How values go on in one file: by names, functions, parts of others, stores and messages."""
