"""Other assumptions about people: what they are, how far from the facts, what follows from each."""
