"""The model as Mesa users know it: a model, and agents that are windows on its records."""
