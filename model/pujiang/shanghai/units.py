"""The base units that sectors share beside "year"; one that a single sector needs stands in its file."""

from pujiang.declare import unit

UNITS = (
    unit("billion_yuan", "Money at current prices.", shown="bn yuan"),
    unit(
        "billion_yuan_2015",
        "Money at the prices of 2015, never to be added to money at current prices.",
        shown="bn yuan of 2015",
    ),
    unit("firm", "Technology firms at any stage."),
    unit("person", "People, in head or full-time equivalents."),
    unit("result", "Research results that can be transferred."),
)
