"""What the model is worth: facts met and missed, regularities, what it does not tell."""
