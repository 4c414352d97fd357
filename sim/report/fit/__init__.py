"""An operator fitted to its order log: what was told of its second part, tables, a page."""
