"""Step configurations: their keys, how these are looked up, and whether the steps stream."""
