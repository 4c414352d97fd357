"""Speed and size: every line of the table, measured in one run on one machine."""
