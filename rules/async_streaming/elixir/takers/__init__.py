"""Which functions take the events, and what stands there for one."""
