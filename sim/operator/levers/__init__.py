"""The operator's levers, one module each; a new file here is a new lever."""
