"""What there is to set: every parameter with its unit, range, default, source and readers."""
