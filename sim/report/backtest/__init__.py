"""Experiments that happened and were predicted: sentences, a figure, tables, a page."""
