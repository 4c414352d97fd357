"""Behaviour estimated from the evidence: sentences, figures, tables, a page."""
