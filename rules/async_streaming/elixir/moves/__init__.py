"""How the names of the legacy namespace move: directives, modules, strings and comments."""
