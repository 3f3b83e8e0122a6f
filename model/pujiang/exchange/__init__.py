"""In and out: models in the formats other tools read, results in the formats other tools take."""

SUFFIXES = frozenset({".xmile", ".stmx", ".itmx", ".xml", ".mdl"})
"""What models of other tools go by."""
