"""What an A/B test inside a run says and what is so: a table, sentences, a page."""
