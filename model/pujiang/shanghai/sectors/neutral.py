"""Neutral inputs: what the core leaves to further systems, at values at which it changes nothing.

A model of the core alone includes this file. A fuller model declares the same names in sectors of its own and
leaves it out; no equation that reads them has to change.
"""

from pujiang.basis import neutral
from pujiang.declare import parameter
from pujiang.shanghai.dimensions import industry

relative_rent = parameter(
    1.0, "1", "Rent of production space relative to 2015.", basis=neutral("the core has no space sector")
)
incubator_support = parameter(
    1.0,
    "1",
    "Factor of incubators on the share of seed ventures that raise again.",
    basis=neutral("the core has no incubator sector"),
)
institutional_quality = parameter(
    1.0, "1", "Quality of institutions relative to 2015.", basis=neutral("the core has no institutional-quality sector")
)
financial_center = parameter(
    1.0,
    "1",
    "Capability of the financial center relative to 2015.",
    basis=neutral("the core has no five-centers sector"),
)
foreign_capital_access = parameter(
    1.0,
    "1",
    "Share of foreign venture money that restrictions let through.",
    basis=neutral("the core has no restrictions sector"),
)
input_availability = parameter(
    {"ic": 1.0, "biomedicine": 1.0, "ai": 1.0, "other": 1.0},
    "1",
    "Share of the inputs an industry needs that it can buy.",
    over=industry,
    basis=neutral("the core has no restrictions sector"),
)
input_availability_growth = parameter(
    {"ic": 0.0, "biomedicine": 0.0, "ai": 0.0, "other": 0.0},
    "1/year",
    "Growth of the share of inputs an industry can buy.",
    over=industry,
    basis=neutral("the core has no restrictions sector"),
)
market_access_growth = parameter(
    {"ic": 0.0, "biomedicine": 0.0, "ai": 0.0, "other": 0.0},
    "1/year",
    "Growth of demand that trade, shipping and application scenarios add.",
    over=industry,
    basis=neutral("the core has no five-centers sector"),
)
space_availability = parameter(
    {"ic": 1.0, "biomedicine": 1.0, "ai": 1.0, "other": 1.0},
    "1",
    "Share of wanted capacity for which there is space.",
    over=industry,
    basis=neutral("the core has no space sector"),
)
output_growth_effect = parameter(
    0.0,
    "1/year",
    "Growth of output from 2025 on that institutions and other centers add.",
    basis=neutral("the core has no institutional-quality sector"),
)
restriction_research_effect = parameter(
    1.0,
    "1",
    "Factor of technology restrictions on firms' research intensity.",
    basis=neutral("the core has no restrictions sector"),
)
restriction_knowledge_effect = parameter(
    1.0,
    "1",
    "Factor of technology restrictions on the yield of applied research.",
    basis=neutral("the core has no restrictions sector"),
)
foreign_talent_effect = parameter(
    1.0,
    "1",
    "Factor of foreign talent on the yield of applied research.",
    basis=neutral("the core has no talent sector"),
)
talent_attraction_effect = parameter(
    1.0,
    "1",
    "Factor of pay, rent and institutions on how many graduates choose research here.",
    basis=neutral("the core has no talent sector"),
)
foreign_researchers = parameter(
    0.0, "person/year", "Researchers who come from abroad in a year.", basis=neutral("the core has no talent sector")
)
district_density = parameter(
    1.0,
    "1",
    "Factor of the concentration of research in districts on its yield.",
    basis=neutral("the core has no district sector"),
)
