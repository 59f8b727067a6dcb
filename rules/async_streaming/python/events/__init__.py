"""The places that speak of events, each with the edits that move it."""
