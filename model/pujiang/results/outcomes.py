"""How outcomes are shown: one table of labels, units and number formats for the terminal and the figures."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Outcome:
    """How one outcome is shown: `scale` times the stored value, with `decimals`, in `unit`.

    `short` labels a table row. `difference` says how a difference from the baseline reads best: in percent,
    in percentage points, or as a number (counts that may be near 0).
    """

    label: str
    short: str
    unit: str
    scale: float
    decimals: int
    difference: Literal["percent", "points", "number"]


def _money(label: str, short: str, decimals: int = 0, unit: str = "bn yuan") -> Outcome:
    return Outcome(label, short, unit, 1.0, decimals, "percent")


def _share(label: str, short: str, decimals: int, of: str) -> Outcome:
    return Outcome(label, short, f"% of {of}", 100.0, decimals, "points")


def _thousands(label: str, short: str, unit: str) -> Outcome:
    return Outcome(label, short, f"1,000 {unit}", 1e-3, 1, "percent")


def _count(label: str, short: str, unit: str, decimals: int = 0) -> Outcome:
    return Outcome(label, short, unit, 1.0, decimals, "number")


OUTCOMES: Mapping[str, Outcome] = {
    "gdp": _money("GDP, current prices", "GDP"),
    "research_spending": _money("R&D spending", "R&D spending"),
    "research_intensity": _share("R&D intensity", "R&D intensity", 2, "GDP"),
    "basic_research_share": _share("Basic research", "Basic research", 1, "R&D"),
    "government_research_funding": _money("R&D funded by government", "Government R&D", 1),
    "enterprise_research_funding": _money("R&D funded by enterprises", "Enterprise R&D", 1),
    "enterprise_research_share": _share("Enterprise-funded share", "Enterprise-funded", 1, "R&D"),
    "research_personnel": _thousands("Research personnel", "Research personnel", "person-years"),
    "scientific_knowledge": _money("Scientific knowledge", "Scientific knowledge", 0, "bn yuan of 2015"),
    "applied_knowledge": _money("Applied knowledge", "Applied knowledge", 0, "bn yuan of 2015"),
    "invention_patent_applications": _thousands("Invention patent applications", "Patent applications", "a year"),
    "invention_patent_grants": _thousands("Invention patents granted", "Patent grants", "a year"),
    "invention_patents_in_force": _thousands("Invention patents in force", "Patents in force", "patents"),
    "technology_contract_value": _money("Technology contracts", "Technology contracts"),
    "reform_spinouts_cumulative": _count("Spin-outs of the ownership reform, to date", "Reform spin-outs", "firms"),
    "reform_investment_cumulative": _money("Investment in reform spin-outs, to date", "Reform investment", 1),
    "venture_investment": _money("Venture investment", "Venture investment", 1),
    "star_listings": _count("New STAR listings of Shanghai firms", "New STAR listings", "firms a year", 1),
    "star_listed_firms": _count("STAR-listed Shanghai firms", "STAR-listed firms", "number"),
    "star_listed_firms_national": _count("STAR-listed firms, whole country", "STAR, whole country", "number"),
    "high_tech_certificates": _thousands("High-tech certificates issued", "High-tech certificates", "a year"),
    "high_tech_firms": Outcome("High-tech firms", "High-tech firms", "thousands", 1e-3, 1, "percent"),
    "three_industries_output": _money("Three leading industries, output", "Three industries"),
    "industry_output": _money("Industry output", "Industry output"),
}

TABLE: tuple[str, ...] = (
    "gdp",
    "research_spending",
    "research_intensity",
    "basic_research_share",
    "enterprise_research_share",
    "research_personnel",
    "invention_patent_applications",
    "reform_spinouts_cumulative",
    "venture_investment",
    "star_listings",
    "star_listed_firms",
    "high_tech_firms",
    "three_industries_output",
)
"""The outcomes of the terminal table, in its order; the figures show the same."""

BETTER: Mapping[str, Literal["more", "less"]] = {
    "gdp": "more",
    "research_intensity": "more",
    "basic_research_share": "more",
    "scientific_knowledge": "more",
    "applied_knowledge": "more",
    "technology_contract_value": "more",
    "reform_spinouts_cumulative": "more",
    "venture_investment": "more",
    "star_listings": "more",
    "star_listed_firms": "more",
    "high_tech_firms": "more",
    "three_industries_output": "more",
}
"""Outcomes of which more, or less, is better: goals of the plan, and what the policies are for.

The others have no direction: means and costs (spending, personnel, patents filed), who pays, what the rest of
the country does, flows of certificates. Only a direction makes regret; ranks without one go from high to low.
"""

ELEMENTS: Mapping[str, str] = {
    "ic": "Integrated circuits",
    "biomedicine": "Biomedicine",
    "ai": "Artificial intelligence",
    "other": "Other industries",
}
"""Labels of the industries."""


@dataclass(frozen=True)
class Goal:
    """A plan goal: the outcome reaches at least `value` in `year`; `short` labels its line in a figure."""

    outcome: str
    year: int
    value: float
    text: str
    short: str
    source: str


GOALS: tuple[Goal, ...] = (
    Goal(
        "research_intensity_reported",
        2030,
        0.05,
        "R&D at least 5 % of GDP",
        "5 %",
        "Shanghai's 15th Five-Year Plan (2026–30), as put by the mayor, 2026",
    ),
    Goal(
        "basic_research_share",
        2030,
        0.145,  # the plan says "about": what rounds to 15 % has met it
        "basic research about 15 % of R&D (14.5 or more)",
        "about 15 %",
        "Shanghai's 15th Five-Year Plan (2026–30): about 15 %, China Daily, 11 February 2026",
    ),
)


def shown_as(name: str, units: str = "") -> Outcome:
    """How outcome `name` is shown; one without an entry goes by its own name, with its stored `units`."""
    label = name.replace("_", " ").capitalize()
    return OUTCOMES.get(name) or Outcome(label, label, units, 1.0, 2, "percent")


def scenario_label(name: str) -> str:
    """A scenario's name in words."""
    return name.replace("_", " ").capitalize()


def number(value: float, outcome: Outcome) -> str:
    """A level in the outcome's unit and decimals, as "7,420" or "5.02"; "–" where it is not finite."""
    shown = value * outcome.scale
    return f"{shown:,.{outcome.decimals}f}" if math.isfinite(shown) else "–"


def signed(value: float, outcome: Outcome) -> str:
    """A difference as it reads best: "+1.2 %", "+0.43 pp" or "+12"; "0" where it rounds to nothing.

    For "percent" the value is relative to the baseline; otherwise it is in the outcome's stored unit.
    """
    if not math.isfinite(value):
        return "–"
    if outcome.difference == "percent":
        decimals = 1 if abs(value) >= 0.01 else 2
        text = f"{100 * value:+,.{decimals}f}"
    else:
        text = f"{value * outcome.scale:+,.{outcome.decimals}f}"
    text = text.replace("-", "−")
    if not text.strip("+−0.,"):
        text = "0"
    return text + {"percent": " %", "points": " pp", "number": ""}[outcome.difference]
