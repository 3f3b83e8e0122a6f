"""The dimensions over which variables run, declared once."""

from pujiang.declare import dimension

industry = dimension(
    "industry",
    ("ic", "biomedicine", "ai", "other"),
    "Integrated circuits, biomedicine, artificial intelligence and all other technology industries.",
)
