"""Results as files that others work on: a workbook, slides, paper, one page."""
