"""What Elixir files are told of each other."""
