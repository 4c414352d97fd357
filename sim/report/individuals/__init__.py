"""Which customers a strategy moves, and for whom it pays: a table, sentences, a page."""
