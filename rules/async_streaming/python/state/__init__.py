"""State that outlives a run, where handlers write it."""
