"""What the literature reports, how each figure is measured in a run, and the comparison."""
