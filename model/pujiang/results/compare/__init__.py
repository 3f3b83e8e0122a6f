"""Comparing runs: what is compared with what, the tables that come of it, the text and the files."""

from pujiang.results.compare.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]
