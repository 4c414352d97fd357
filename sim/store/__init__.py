"""What lies on disk: runs, folders of results, tables, where they come from, and the cache."""
