"""What the code of an Elixir file means: its names, values and uses of the legacy namespace."""
