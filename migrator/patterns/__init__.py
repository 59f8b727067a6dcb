"""Rules written without code: their files, the patterns in them, and the `Rule` they become."""
