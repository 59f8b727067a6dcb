"""State that outlives a run, in modules of handlers."""
