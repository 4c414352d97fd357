"""Which conclusions survive other assumptions: a table for the terminal, sentences, a page."""
