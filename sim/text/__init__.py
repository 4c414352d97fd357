"""Text that somebody else may have written: as it comes in, as it goes out, and what was meant."""
