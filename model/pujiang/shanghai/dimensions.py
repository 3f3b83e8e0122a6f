"""The dimensions over which variables run, declared once: their elements, and how results call them."""

from pujiang.declare import dimension

industry = dimension(
    "industry",
    {
        "ic": "Integrated circuits",
        "biomedicine": "Biomedicine",
        "ai": "Artificial intelligence",
        "other": "Other industries",
    },
    "Integrated circuits, biomedicine, artificial intelligence and all other technology industries.",
)
center = dimension(
    "center",
    {
        "economic": "Economic center",
        "financial": "Financial center",
        "trade": "Trade center",
        "shipping": "Shipping center",
    },
    "The four centers Shanghai is beside a center of science and technology.",
)
district = dimension(
    "district",
    {"minhang": "Minhang", "lingang": "Lin-gang", "rest_of_pudong": "Rest of Pudong", "other": "Other districts"},
    "Districts by their part in research: Lin-gang stands apart from the rest of Pudong.",
)
