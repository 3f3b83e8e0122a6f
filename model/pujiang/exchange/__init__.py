"""In and out: models in the formats other tools read, results in the formats other tools take."""
