"""Neutral inputs: named places where sectors that are not built yet will connect.

Each is at the value at which it changes nothing. A later sector replaces it by declaring the same name and by
taking it out of this file; no equation that reads it has to change.
"""

from pujiang.declare import parameter
from pujiang.sectors.dimensions import industry

relative_rent = parameter(
    1.0, "1", "Rent of production space relative to 2015.", source="neutral until the space sector is built"
)
incubator_support = parameter(
    1.0,
    "1",
    "Factor of incubators on the share of seed ventures that raise again.",
    source="neutral until the incubator sector is built",
)
institutional_quality = parameter(
    1.0,
    "1",
    "Quality of institutions relative to 2015.",
    source="neutral until the institutional-quality sector is built",
)
financial_center = parameter(
    1.0,
    "1",
    "Capability of the financial center relative to 2015.",
    source="neutral until the five-centers sector is built",
)
foreign_capital_access = parameter(
    1.0,
    "1",
    "Share of foreign venture money that restrictions let through.",
    source="neutral until the restrictions sector is built",
)
input_availability = parameter(
    {"ic": 1.0, "biomedicine": 1.0, "ai": 1.0, "other": 1.0},
    "1",
    "Share of the inputs an industry needs that it can buy.",
    source="neutral until the restrictions sector is built",
    over=industry,
)
market_access_growth = parameter(
    {"ic": 0.0, "biomedicine": 0.0, "ai": 0.0, "other": 0.0},
    "1/year",
    "Growth of demand that trade, shipping and application scenarios add.",
    source="neutral until the five-centers sector is built",
    over=industry,
)
space_availability = parameter(
    {"ic": 1.0, "biomedicine": 1.0, "ai": 1.0, "other": 1.0},
    "1",
    "Share of wanted capacity for which there is space.",
    source="neutral until the space sector is built",
    over=industry,
)
output_growth_effect = parameter(
    0.0,
    "1/year",
    "Growth of output from 2025 on that institutions and other centers add.",
    source="neutral until the institutional-quality sector is built",
)
restriction_research_effect = parameter(
    1.0,
    "1",
    "Factor of technology restrictions on firms' research intensity.",
    source="neutral until the restrictions sector is built",
)
restriction_knowledge_effect = parameter(
    1.0,
    "1",
    "Factor of technology restrictions on the yield of applied research.",
    source="neutral until the restrictions sector is built",
)
foreign_talent_effect = parameter(
    1.0,
    "1",
    "Factor of foreign talent on the yield of applied research.",
    source="neutral until the talent sector is built",
)
talent_attraction_effect = parameter(
    1.0,
    "1",
    "Factor of pay, rent and institutions on how many graduates choose research here.",
    source="neutral until the talent sector is built",
)
foreign_researchers = parameter(
    0.0,
    "person/year",
    "Researchers who come from abroad in a year.",
    source="neutral until the talent sector is built",
)
district_density = parameter(
    1.0,
    "1",
    "Factor of the concentration of research in districts on its yield.",
    source="neutral until the district sector is built",
)
