"""Experiments: what is asked of the model. They know it only as `simulate(config, seed)`."""
