"""What a sweep found, as a table in the terminal and as a page."""
