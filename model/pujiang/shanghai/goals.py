"""What results of Shanghai show first, and the goals of its plan."""

from pathlib import Path
from typing import Any

import yaml

from pujiang.presentation import Goal, Presentation, Translation

PLAN = "Shanghai's 15th Five-Year Plan (2026–30)"
LABELS_FOLDER = Path(__file__).parent / "labels"


def _words(path: Path) -> dict[str, Any]:
    """What a file of labels holds: labels, and perhaps units."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where it was built
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return found


def _labels(path: Path) -> dict[str, Any]:
    """The words of a language, those of variables from a file of their own."""
    variables = LABELS_FOLDER / "variables" / path.name
    found = _words(path)
    return {**found, "labels": {**(_words(variables)["labels"] if variables.is_file() else {}), **found["labels"]}}


LABELS = {path.stem: _labels(path) for path in sorted(LABELS_FOLDER.glob("*.yaml"))}

FOURTEENTH = "plan of the science and technology centre to 2025, press conference of September 2021"
EMERGING = "plan for strategic emerging industries 2026–30, August 2026"
ABOUT = "the plan says about: what rounds to it has met it"

GOALS = (
    Goal(
        "research_intensity_reported", 2025, 0.0445, "R&D about 4.5 % of GDP", "about 4.5 %", FOURTEENTH,
        basis=f"{ABOUT}; on the basis on which it is reported", indicator=True,
    ),
    Goal(
        "basic_research_share", 2025, 0.115, "basic research about 12 % of R&D", "about 12 %", FOURTEENTH,
        basis=ABOUT, indicator=True,
    ),
    Goal(
        "high_tech_firms", 2025, 26000.0, "over 26,000 high-tech enterprises", "26,000", FOURTEENTH,
        basis="holders of a valid certificate", indicator=True,
    ),
    Goal(
        "technology_share", 2025, 0.195, "strategic emerging industries about 20 % of GDP", "about 20 %", FOURTEENTH,
        basis=f"{ABOUT}; the technology industries of the model stand for them", indicator=True,
    ),
    Goal(
        "technology_contract_intensity", 2025, 0.055, "technology contracts about 6 % of GDP", "about 6 %", FOURTEENTH,
        basis=ABOUT, indicator=True,
    ),
    Goal("", 2025, 5000.0, "international patent applications about 5,000", "5,000", FOURTEENTH, indicator=True),
    Goal("", 2025, 30.0, "30 high-value invention patents for 10,000 people", "30", FOURTEENTH, indicator=True),
    Goal("", 2025, 560.0, "research centres of foreign firms about 560", "560", FOURTEENTH, indicator=True),
    Goal(
        "industry_output.ai", 2025, 400.0, "artificial intelligence puts out 400 bn yuan", "400",
        "plan for artificial intelligence to 2025", basis="output on the definition of 2021-24",
    ),
    Goal(
        "industry_output.biomedicine", 2025, 1000.0, "biomedicine over 1,000 bn yuan", "1,000",
        "plan for biomedicine to 2025", basis="scale of the industry, trade included",
    ),
    Goal(
        "research_intensity_reported", 2030, 0.05, "R&D at least 5 % of GDP", "5 %",
        f"{PLAN}, as put by the mayor, 2026", basis="on the basis on which it is reported",
    ),
    Goal(
        "basic_research_share", 2030, 0.145, "basic research about 15 % of R&D (14.5 or more)", "about 15 %",
        f"{PLAN}: about 15 %, China Daily, 11 February 2026", basis=ABOUT,
    ),
    Goal(
        "real_output", 2030, 1.045**5, "real growth about 5 % a year from 2026 on (4.5 or more)", "about 5 % a year",
        f"{PLAN}, Yicai, 6 February 2026", basis=f"{ABOUT}; over five years", base_year=2025,
    ),
    Goal(
        "technology_value_added", 2030, 2100.0, "strategic emerging industries add 2,100 bn yuan", "2,100",
        EMERGING, basis="value added of the technology industries of the model stands for it",
    ),
    Goal(
        "digital_core_share", 2030, 0.2, "digital core over 20 % of GDP", "20 %",
        f"{PLAN}, draft", basis="an index that follows digital adoption; nothing is measured by it",
    ),
    Goal("", 2030, 520000.0, "labour productivity over 520,000 yuan", "520,000", f"{PLAN}, Yicai, 6 February 2026"),
    Goal("", 2030, 0.5, "emerging industries half of industrial output", "50 %", EMERGING),
    Goal("", 2030, 0.1, "manufacturing of the three leading industries grows 10 % a year", "10 % a year", EMERGING),
)  # fmt: skip
"""The eight core indicators of 2025 and the goals of 2030; those without an outcome are beyond the model."""

PRESENTATION = Presentation(
    place="Shanghai",
    cost="fiscal_cost",
    scenarios=(
        "fifteenth_plan",
        "exit_drought",
        "deep_basic_research",
        "full_ownership_reform",
        "closed_loop_finance",
    ),
    translations={language: Translation(**words) for language, words in LABELS.items()},
    headline={
        "Research: spending, shares and people": (
            "gdp",
            "research_spending",
            "research_intensity",
            "research_intensity_reported",
            "basic_research_share",
            "enterprise_research_share",
            "research_personnel",
        ),
        "Transfer, capital and firms": (
            "invention_patent_applications",
            "reform_spinouts_cumulative",
            "venture_investment",
            "star_listings",
            "star_listed_firms",
            "high_tech_firms",
        ),
        "Output of the industries": ("three_industries_output", "industry_output"),
        "What policy costs": ("fiscal_cost",),
    },
    levers={
        "Public money for research": (
            "public_research_multiplier",
            "research_tax_incentive",
            "research_intensity_target",
        ),
        "Science": ("basic_share_target", "frontier_share_target", "stem_enrolment_growth"),
        "Transfer": (
            "ownership_rollout_rate",
            "remittance_share",
            "technology_manager_programme",
            "proof_of_concept_programme",
        ),
        "Exits": ("exit_window", "market_valuation", "merger_support"),
        "Venture money": (
            "startup_finance_support",
            "patient_capital_injection",
            "early_stage_shift",
            "private_capital",
            "foreign_capital",
        ),
        "Firms and markets": (
            "market_access_support",
            "incubator_openings",
            "scenario_opening",
            "digital_programme",
            "institutional_effort",
        ),
        "Space and talent": ("production_space_programme", "rent_relief", "district_focus", "talent_attraction"),
        "Outside pressure": ("restriction_target", "growth_outlook", "inflation_outlook"),
    },
    goals=GOALS,
)
