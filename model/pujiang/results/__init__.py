"""Results: run folders, tables, figures and comparisons."""
