"""What records show of a lever and what it caused: a table for the terminal, sentences, a page."""
