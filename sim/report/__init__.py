"""Reports: pictures, pages and terminal tables, made from results on disk and nothing else."""
