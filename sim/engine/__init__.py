"""How days are lived fast: who wakes, a day of each, what all share in the morning and evening."""
