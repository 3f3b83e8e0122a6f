"""Research funding: who pays for research, and how much.

Government pays a share of GDP: the reported one to 2023, then one that reverts to a long-run level.
Enterprises pay a share of the revenue of technology firms, and part of the venture and listing money they
raise; the super-deduction and government money (crowding-in) raise the share. Other sources, mostly
abroad, pay the rest. R1 (output, government money, firm intensity) runs through this sector; R15
enters by venture money, B10 through the pressure of a research target. Crowding-in strengthens a change
of government money and closes no loop of its own: it answers to that money per GDP, which output leaves as it is.
"""

from pujiang.basis import assumed, derived, recalled, seen
from pujiang.declare import auxiliary, flow, lever, parameter, series, stock
from pujiang.primitives import safe_divide, smooth
from pujiang.priors import logitnormal, lognormal, normal
from pujiang.reported import ratio, reported

# The total


@auxiliary("billion_yuan/year", reported=reported("integral", "R&D spending"))
def research_spending(government_research_funding, enterprise_research_funding, other_research_funding):
    """Spending on research and development from all sources."""
    return government_research_funding + enterprise_research_funding + other_research_funding


@auxiliary(
    "1",
    reported=reported(ratio("research_spending", "gdp"), "R&D intensity", unit="% of GDP", decimals=2, better="more"),
)
def research_intensity(research_spending, gdp):
    """Research spending as a share of GDP."""
    return research_spending / gdp


reporting_basis = parameter(
    lognormal(1.045, 0.03),
    "1",
    "Research over GDP as it is reported, over the same on the GDP of the fifth census.",
    bounds=(0.97, 1.13),
    basis=derived(
        "1 if reports divide by the GDP of today, 1.089 if by that before the census (2023: 4.34 % against 3.99 "
        "%); goals are set on the reported figure",
        hindsight=2023,
    ),
)
first_report_excess = parameter(
    0.0009,
    "1",
    "Mean excess of a first report of research over GDP on the final figure.",
    basis=derived("four known pairs of first and final report"),
)
first_report_spread = parameter(
    0.0014,
    "1",
    "Spread of first reports of research over GDP about their mean.",
    basis=derived("four known pairs of first and final report: rms .14 points"),
)
reporting_error = parameter(
    normal(0.0, 0.0014),
    "1",
    "Error of the first report of 2024; later ones have their own, by chance.",
    bounds=(-0.006, 0.006),
    basis=derived("four known pairs of first and final report: mean +.09, rms .14 points"),
)


@auxiliary(
    "1",
    reported=reported(
        "mean", "R&D intensity as first reported", short="R&D as reported", unit="% of GDP", decimals=2, better="more"
    ),
)
def research_intensity_reported(
    research_intensity_now,
    reporting_basis,
    first_report_excess,
    gdp_endogenous,
    reporting_error,
    first_report_spread,
    report_luck,
):
    """Research over GDP as it is first reported: on the base of reports, with their mean error and one of its year."""
    return (
        research_intensity_now * reporting_basis
        + first_report_excess
        + (1 - gdp_endogenous) * reporting_error
        + first_report_spread * report_luck
    )


@auxiliary("1")
def research_intensity_now(research_spending, gdp):
    """Research over GDP at the moment."""
    return research_spending / gdp


@auxiliary(
    "1",
    reported=reported(
        ratio("enterprise_research_funding", "research_spending"),
        "Enterprise-funded share",
        short="Enterprise-funded",
        unit="% of R&D",
    ),
)
def enterprise_research_share(enterprise_research_funding, research_spending):
    """Share of research that enterprises pay for."""
    return safe_divide(enterprise_research_funding, research_spending)


# Government

government_research_funding_observed = series("billion_yuan/year", "Government-funded research, by year.")
government_funding_known = series("1", "1 while government-funded research follows the data, 0 from 2024 on.")
initial_government_research_share = parameter(
    0.0122,
    "1",
    "Government-funded research over GDP at the opening.",
    basis=seen("34.1 of 2,782 bn in 2015; 29.2 of 2,598 bn in 2014"),
)
government_data_time = parameter(
    0.125,
    "year",
    "Time in which the share follows the reported one: it smooths the steps between years.",
    basis=assumed("short against a year"),
)
long_run_government_research_share = parameter(
    lognormal(0.0105, 0.15),
    "1",
    "Share of GDP to which government-funded research reverts.",
    bounds=(0.006, 0.018),
    basis=derived(
        "1.22 % in 2015, 1.21 % in 2021, .91 % in 2023; between the last value and the mean. Budgets of 2025-27 "
        "would tell",
        hindsight=2024,
    ),
)
government_share_reverting_time = parameter(
    lognormal(3.0, 0.35),
    "year",
    "Time in which the share reverts to its long-run level.",
    bounds=(1.0, 9.0),
    basis=assumed("between a budget cycle and a five-year plan"),
)
public_budget_adjustment_time = parameter(
    lognormal(1.0, 0.3),
    "year",
    "Time in which appropriations follow a decision.",
    bounds=(0.3, 3.0),
    basis=assumed("the annual budget cycle"),
)
public_research_multiplier = lever(
    "1",
    "Government appropriations for research, relative to what they would be.",
    default=1.0,
    label="Government money for research",
    bounds=(0.0, 4.0),
    why="Appropriations follow within a year and carry some firm research along (crowding-in); knowledge answers "
    "years later, since basic research takes five to eight years to become science and researchers must be "
    "found first.",
    shown_at=1.5,
    basis=assumed("the baseline follows the reverting share"),
)

government_research_share = stock(
    "1", "Government-funded research over GDP before policy.", initial="initial_government_research_share"
)


@flow("1/year", into=government_research_share)
def government_research_share_change(
    government_research_share,
    government_funding_known,
    government_research_funding_observed,
    gdp,
    government_data_time,
    long_run_government_research_share,
    government_share_reverting_time,
):
    """The share follows the data, then reverts."""
    return (
        government_funding_known
        * (government_research_funding_observed / gdp - government_research_share)
        / government_data_time
        + (1 - government_funding_known)
        * (long_run_government_research_share - government_research_share)
        / government_share_reverting_time
    )


@auxiliary("1")
def government_research_effort(
    public_research_multiplier,
    government_target_response,
    research_policy_pressure,
    public_budget_adjustment_time,
):
    """Appropriations relative to those without policy, after the time budgets take."""
    return smooth(
        public_research_multiplier * (1 + government_target_response * research_policy_pressure),
        public_budget_adjustment_time,
        1,
    )


@auxiliary(
    "billion_yuan/year", reported=reported("integral", "R&D funded by government", short="Government R&D", decimals=1)
)
def government_research_funding(government_research_share, gdp, government_research_effort):
    """Research paid for by government."""
    return government_research_share * gdp * government_research_effort


# Enterprises

initial_firm_research_intensity = parameter(
    lognormal(0.0245, 0.06),
    "1",
    "Research that technology firms pay from revenue, over revenue, at the opening.",
    bounds=(0.019, 0.031),
    start=0.0237,
    basis=seen("54.1 bn enterprise-funded in 2015 over about 1,900 bn revenue is 2.8 %, less venture money"),
)
firm_research_intensity = parameter(
    lognormal(0.0265, 0.08),
    "1",
    "The research intensity firms aimed at when the opening came, before tax cuts and crowding-in.",
    bounds=(0.019, 0.036),
    start=0.0258,
    basis=seen(
        "enterprise funding grew 6 % a year in 2014-15 and 16 % in 2016-18 while revenue grew 10 %: budgets had "
        "fallen behind their goal. Research over revenue of the firms that report would tell"
    ),
)
firm_budget_adjustment_time = parameter(
    lognormal(1.5, 0.3),
    "year",
    "Time in which firms' research budgets follow their goal.",
    bounds=(0.5, 4.0),
    basis=assumed("annual budgets and multi-year projects"),
)
crowding_in_elasticity = parameter(
    normal(0.07, 0.04),
    "1",
    "Percent of firms' research intensity that one percent of government money per GDP adds.",
    bounds=(-0.05, 0.25),
    basis=recalled("size .07-.08; seen: Guellec and van Pottelsberghe 2003. Government money only"),
)
research_user_cost_elasticity = parameter(
    normal(1.14, 0.4),
    "1",
    "Percent of firms' research that one percent of user cost takes away.",
    bounds=(0.1, 2.5),
    basis=seen("Chen et al. 2018 working paper, real response 1.14"),
)
research_tax_incentive = lever(
    "1",
    "Cut of the user cost of firms' research by tax incentives (the super-deduction).",
    default=0.08,
    bounds=(0.0, 0.5),
    history="research_tax_incentive",
    why="A lower user cost raises the intensity firms aim at; their budgets move to it over a year or two, and "
    "applied knowledge, patents and contracts after the applied lag.",
    shown_at=0.16,
    basis=assumed("100 % deduction of 2023 held; .04 from 2018 (75 %), .06 from 2021 (100 % for manufacturing)"),
)
venture_research_share = parameter(
    logitnormal(0.3, 0.08),
    "1",
    "Share of venture money that firms spend on research.",
    bounds=(0.1, 0.7),
    start=0.25,
    basis=assumed("a quarter, the rest for staff, plant and sales; accounts of ventures by use would tell"),
)
listing_research_share = parameter(
    logitnormal(0.2, 0.07),
    "1",
    "Share of listing proceeds that firms spend on research.",
    bounds=(0.02, 0.6),
    start=0.15,
    basis=assumed("use of proceeds in prospectuses; the sum of them would tell"),
)

firm_research_intensity_now = stock(
    "1", "Research that technology firms pay from revenue, over revenue.", initial="initial_firm_research_intensity"
)


@auxiliary("1")
def crowding_in(
    government_research_share,
    initial_government_research_share,
    government_research_effort,
    crowding_in_elasticity,
):
    """Effect of government money on firms' intensity: linear, so that without it firms keep theirs."""
    return 1 + crowding_in_elasticity * (
        government_research_share * government_research_effort / initial_government_research_share - 1
    )


@auxiliary("1")
def firm_research_intensity_goal(
    firm_research_intensity,
    crowding_in,
    research_tax_incentive,
    research_user_cost_elasticity,
    firm_target_response,
    research_policy_pressure,
    restriction_research_effect,
):
    """The research intensity firms aim at."""
    return (
        firm_research_intensity
        * crowding_in
        * (1 - research_tax_incentive) ** (-research_user_cost_elasticity)
        * (1 + firm_target_response * research_policy_pressure)
        * restriction_research_effect
    )


@flow("1/year", into=firm_research_intensity_now)
def firm_research_intensity_change(
    firm_research_intensity_goal, firm_research_intensity_now, firm_budget_adjustment_time
):
    """Budgets move towards their goal."""
    return (firm_research_intensity_goal - firm_research_intensity_now) / firm_budget_adjustment_time


@auxiliary("billion_yuan/year")
def venture_research(venture_research_share, venture_spending):
    """Research paid with venture money."""
    return venture_research_share * venture_spending


@auxiliary(
    "billion_yuan/year", reported=reported("integral", "R&D funded by enterprises", short="Enterprise R&D", decimals=1)
)
def enterprise_research_funding(
    firm_research_intensity_now, industry_revenue, venture_research, listing_research_share, listed_firm_spending
):
    """Research paid for by enterprises: from revenue, venture money and listing proceeds."""
    return (
        firm_research_intensity_now * industry_revenue
        + listing_research_share * listed_firm_spending
        + venture_research
    )


@auxiliary("1")
def enterprise_research_per_revenue(enterprise_research_funding, industry_revenue):
    """Enterprise-funded research over the revenue of technology firms: what certification asks for."""
    return safe_divide(enterprise_research_funding, industry_revenue)


# Other sources

other_research_share = parameter(
    lognormal(0.045, 0.15),
    "1",
    "Share of research paid from abroad and by other sources.",
    bounds=(0.025, 0.075),
    basis=seen("3.6 to 6.0 % of research, 2015-23", hindsight=2023),
)


@auxiliary(
    "billion_yuan/year",
    reported=reported("integral", "R&D funded from abroad and by others", short="Other R&D funding", decimals=1),
)
def other_research_funding(other_research_share, government_research_funding, enterprise_research_funding):
    """Research paid from abroad and by other sources."""
    return (
        other_research_share / (1 - other_research_share) * (government_research_funding + enterprise_research_funding)
    )


# The opening, from which knowledge starts and against which firms' research is compared


@auxiliary("billion_yuan/year")
def initial_government_research_funding(initial_government_research_share, initial_gdp):
    """Research paid for by government at the opening."""
    return initial_government_research_share * initial_gdp


@auxiliary("billion_yuan/year")
def initial_venture_research(venture_research_share, initial_venture_spending):
    """Research paid with venture money at the opening."""
    return venture_research_share * initial_venture_spending


@auxiliary("billion_yuan/year")
def initial_enterprise_research_funding(
    initial_firm_research_intensity, initial_industry_revenue, initial_venture_research
):
    """Research paid for by enterprises at the opening, before the new board opened."""
    return initial_firm_research_intensity * initial_industry_revenue + initial_venture_research


@auxiliary("billion_yuan/year")
def initial_research_spending(
    other_research_share, initial_government_research_funding, initial_enterprise_research_funding
):
    """Research spending at the opening."""
    return (initial_government_research_funding + initial_enterprise_research_funding) / (1 - other_research_share)


@auxiliary("1")
def initial_enterprise_research_per_revenue(initial_enterprise_research_funding, initial_industry_revenue):
    """Enterprise-funded research over revenue at the opening."""
    return safe_divide(initial_enterprise_research_funding, initial_industry_revenue)
