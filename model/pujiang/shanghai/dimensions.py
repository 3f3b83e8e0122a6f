"""The dimensions over which variables run, declared once."""

from pujiang.declare import dimension

industry = dimension(
    "industry",
    ("ic", "biomedicine", "ai", "other"),
    "Integrated circuits, biomedicine, artificial intelligence and all other technology industries.",
)
center = dimension(
    "center",
    ("economic", "financial", "trade", "shipping"),
    "The four centers Shanghai is beside a center of science and technology.",
)
district = dimension(
    "district",
    ("minhang", "lingang", "rest_of_pudong", "other"),
    "Districts by their part in research: Lin-gang stands apart from the rest of Pudong.",
)
