"""One source, two ways to run it: compiled, and plain Python."""
