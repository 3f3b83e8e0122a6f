"""What results of Shanghai show first, and the goals of its plan."""

from pathlib import Path

import yaml

from pujiang.presentation import Goal, Presentation, Translation

PLAN = "Shanghai's 15th Five-Year Plan (2026–30)"
CHINESE = yaml.load(
    (Path(__file__).parent / "labels" / "zh.yaml").read_text(encoding="utf-8"),
    Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),  # ten times faster, where it was built
)

PRESENTATION = Presentation(
    place="Shanghai",
    scenarios=(
        "fifteenth_plan",
        "exit_drought",
        "deep_basic_research",
        "full_ownership_reform",
        "closed_loop_finance",
    ),
    translations={"zh": Translation(**CHINESE)},
    headline={
        "Research: spending, shares and people": (
            "gdp",
            "research_spending",
            "research_intensity",
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
    },
    goals=(
        Goal("research_intensity", 2030, 0.05, "R&D at least 5 % of GDP", "5 %", f"{PLAN}, as put by the mayor, 2026"),
        Goal(
            "basic_research_share",
            2030,
            0.145,  # the plan says "about": what rounds to 15 % has met it
            "basic research about 15 % of R&D (14.5 or more)",
            "about 15 %",
            f"{PLAN}: about 15 %, China Daily, 11 February 2026",
        ),
    ),
)
