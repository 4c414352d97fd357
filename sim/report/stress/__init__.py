"""What shocks took from strategies: a table for the terminal, sentences, a page with figures."""
