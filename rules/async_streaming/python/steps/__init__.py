"""Step configurations: which mappings are steps, their keys, and whether they stream."""
