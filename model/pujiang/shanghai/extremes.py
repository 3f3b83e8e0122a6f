"""Extreme conditions of the city: what its model must do where no data reach."""

from pujiang.conditions import Expectation, Extreme, Reader


def below(outcome: str, share: float) -> Expectation:
    """An outcome of 2030 is below a share of the baseline's."""
    return (
        f"{outcome} in 2030 below {share:.0%} of the baseline",
        lambda run, base: run(outcome, 2030) < share * base(outcome, 2030),
    )


def above(outcome: str, share: float) -> Expectation:
    """An outcome of 2030 is above a share of the baseline's."""
    return (
        f"{outcome} in 2030 above {share:.0%} of the baseline",
        lambda run, base: run(outcome, 2030) > share * base(outcome, 2030),
    )


def falls(outcome: str) -> Expectation:
    """An outcome falls."""
    return (f"{outcome} falls from 2026 to 2030", lambda run, base: run(outcome, 2030) < run(outcome, 2026))


def spinouts_since_2026(run: Reader) -> float:
    """Reform spin-outs founded in 2026-30."""
    return run("reform_spinouts_cumulative", 2030) - run("reform_spinouts_cumulative", 2025)


def knowledge_per_research(run: Reader, base: Reader) -> float:
    """Knowledge gained over the baseline per yuan of research spent over it."""
    spent = sum(run("research_spending", y) - base("research_spending", y) for y in range(2026, 2031))
    return (run("applied_knowledge", 2030) - base("applied_knowledge", 2030)) / spent


EXTREMES = (
    Extreme(
        "no research is funded",
        {"public_research_multiplier": 0.0, "private_capital": 0.0},
        without=("enterprise_research_funding", "venture_research"),
        expected=(
            below("research_spending", 0.2),
            falls("applied_knowledge"),
            falls("high_tech_firms"),
            below("invention_patent_applications", 0.5),
        ),
    ),
    Extreme(
        "exits are shut and stakes are worth nothing",
        {"exit_window": 0.0, "market_valuation": 0.0},
        expected=(below("venture_investment", 0.4), below("star_listings", 0.02)),
    ),
    Extreme(
        "every institution must reform at once",
        {"ownership_rollout_rate": 2.0},
        expected=(
            (
                "fewer than one institution stays unreformed",
                lambda run, base: run("institutions_unreformed", 2030) < 1,
            ),
            above("reform_spinouts_cumulative", 1.2),
        ),
    ),
    Extreme(
        "researchers remit everything",
        {"remittance_share": 1.0},
        expected=(
            (
                "spin-outs of 2026-30 fall below a tenth of the baseline",
                lambda run, base: spinouts_since_2026(run) < 0.1 * spinouts_since_2026(base),
            ),
        ),
    ),
    Extreme(
        "researchers remit nothing",
        {"remittance_share": 0.0},
        expected=(
            (
                "spin-outs of 2026-30 rise",
                lambda run, base: spinouts_since_2026(run) > spinouts_since_2026(base),
            ),
        ),
    ),
    Extreme(
        "two trillion yuan a year of patient capital",
        {"patient_capital_injection": 2000.0},
        expected=(
            above("venture_investment", 2.0),
            (
                "star-listed firms rise by less than a tenth",
                lambda run, base: run("star_listed_firms", 2030) < 1.1 * base("star_listed_firms", 2030),
            ),
        ),
    ),
    Extreme(
        "a research target of a fifth of output",
        {"research_intensity_target": 0.2},
        expected=(
            above("research_intensity", 1.1),
            above("applied_knowledge", 1.0),
            (
                "a yuan more of research adds less knowledge than one at the average of the baseline",
                lambda run, base: (
                    knowledge_per_research(run, base)
                    < base("applied_knowledge", 2030) / sum(base("research_spending", y) for y in range(2026, 2031))
                ),
            ),
        ),
    ),
    Extreme(
        "all research is basic",
        {"basic_share_target": 1.0},
        expected=(below("applied_knowledge", 0.98), above("scientific_knowledge", 1.02)),
    ),
    Extreme(
        "no births and no private capital",
        {"private_capital": 0.0},
        without=("technology_firm_births",),
        expected=(below("high_tech_firms", 0.95), below("venture_investment", 0.6)),
    ),
    Extreme(
        "no private capital",
        {"private_capital": 0.0},
        expected=(
            below("venture_investment", 0.6),
            below("technology_firm_births", 0.99),
            below("high_tech_firms", 0.99),
            below("three_industries_output", 0.998),
        ),
    ),
    Extreme(
        "the window opens",
        {"exit_window": 1.0},
        expected=(
            above("technology_firm_births", 1.01),
            above("high_tech_firms", 1.005),
            above("three_industries_output", 1.005),
            above("venture_distributions", 1.2),
        ),
    ),
    Extreme(
        "thirty billion yuan a year of patient capital",
        {"patient_capital_injection": 30.0},
        expected=(
            above("technology_firm_births", 1.0),
            above("high_tech_firms", 1.0),
            above("three_industries_output", 1.0),
        ),
    ),
    Extreme(
        "restrictions bar all they can",
        {"restriction_target": 1.0},
        expected=(
            below("industry_output.ic", 0.97),
            below("three_industries_output", 1.0),
            below("high_tech_firms", 1.0),
            below("import_dependence", 1.0),
            below("foreign_talent", 1.0),
        ),
    ),
    Extreme(
        "restrictions end",
        {"restriction_target": 0.0},
        expected=(above("industry_output.ic", 1.03), above("import_dependence", 1.0)),
    ),
    Extreme(
        "space is abundant and its rent paid",
        {"rent_relief": 1.0, "production_space_programme": 10.0},
        expected=(
            above("technology_firm_births", 1.05),
            below("occupancy", 0.9),
            (
                "births rise by less than three quarters",
                lambda run, base: run("technology_firm_births", 2030) < 1.75 * base("technology_firm_births", 2030),
            ),
        ),
    ),
    Extreme(
        "five million square metres a year are withdrawn",
        {"production_space_programme": -5.0},
        expected=(
            above("rent_index", 1.2),
            below("technology_firm_births", 1.0),
            below("production_space", 0.8),
        ),
    ),
    Extreme(
        "enrolment in science and engineering collapses",
        {"stem_enrolment_growth": -0.3},
        expected=(
            (
                "graduates of 2026 hardly change",
                lambda run, base: run("graduates", 2026) > 0.97 * base("graduates", 2026),
            ),
            below("graduates", 0.8),
            below("research_personnel", 1.0),
        ),
    ),
    Extreme(
        "twice as many people come",
        {"talent_attraction": 1.0},
        expected=(above("research_personnel", 1.0), above("applied_knowledge", 1.0), above("foreign_talent", 1.2)),
    ),
    Extreme(
        "every scenario is opened at once and all go digital",
        {"scenario_opening": 3000.0, "digital_programme": 0.2},
        expected=(
            above("application_scenarios", 1.0),
            (
                "adoption stays below one",
                lambda run, base: base("digital_adoption", 2030) < run("digital_adoption", 2030) < 1,
            ),
            above("gdp", 1.0),
        ),
    ),
    Extreme(
        "half of all research moves to Minhang and Lin-gang",
        {"district_focus": 0.5},
        expected=(
            above("district_research_spending.minhang", 2.0),
            (
                "research of the city changes by less than two in a hundred",
                lambda run, base: abs(run("research_spending", 2030) / base("research_spending", 2030) - 1) < 0.02,
            ),
        ),
    ),
    Extreme(
        "fifty incubators open a year",
        {"incubator_openings": 50.0},
        expected=(above("venture_stage_firms", 1.0), below("incubator_support", 1.3)),
    ),
    Extreme(
        "institutions stop caring",
        {"institutional_effort": -0.2},
        expected=(below("institutional_quality", 0.95), below("gdp", 1.0)),
    ),
)
"""The extreme conditions of the full model."""
