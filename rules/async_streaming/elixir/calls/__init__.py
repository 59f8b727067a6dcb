"""Calls of the legacy `invoke!`, and what becomes of each."""
