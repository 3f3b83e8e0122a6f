"""Basic research: how research spending divides into basic (conventional, frontier) and applied.

The basic share follows the survey to 2024 and a goal after; within it, the frontier share moves slowly from
safe projects to critical and interdisciplinary ones. What is basic is not applied (B11): a higher basic share
takes money from applied research at once, and pays through science years later: a trade-off for who sets the share.
Both sides are loops as well, since the research that knowledge pays for is in part basic.
"""

from pujiang.basis import assumed, derived, seen
from pujiang.declare import auxiliary, flow, lever, parameter, series, stock
from pujiang.primitives import minimum, safe_divide
from pujiang.priors import lognormal
from pujiang.reported import ratio, reported

projecting = series("1", "0 to the end of 2025, 1 after.")
initial_basic_share = parameter(
    0.076,
    "1",
    "Basic research over research spending at the opening.",
    basis=derived("mean of the survey's 7.1 % (2014), 8.2 % (2015) and 7.4 % (2016)"),
)
basic_share_smoothing_time = parameter(
    0.5,
    "year",
    "Time in which the share follows the survey.",
    basis=assumed("half a year takes out part of the survey's noise and lags its trend by .2 points only"),
)
basic_share_target = lever(
    "1",
    "Goal for basic research over research spending.",
    default=0.11,
    bounds=(0.0, 1.0),
    history="basic_research_share_observed",
    why="What is basic is not applied (B11): at a given budget applied research, knowledge and patents fall first, "
    "and science repays them only after the basic lags of five to eight years, mostly beyond 2030.",
    basis=seen("11 % in 2024, held; the plan asks 15 % by 2030"),
)
basic_share_adjustment_time = parameter(
    lognormal(1.5, 0.3),
    "year",
    "Time in which the basic share follows its goal.",
    bounds=(0.5, 4.0),
    basis=assumed("grants run for several years"),
)
frontier_share_target = lever(
    "1",
    "Goal for frontier projects as a share of basic research.",
    default=0.2,
    bounds=(0.0, 1.0),
    why="Frontier projects take longer to become science than conventional ones and yield more: projects started "
    "before go on, so that science first falls short and gains only after the frontier lag of about eight "
    "years.",
    basis=assumed("most basic research is low-risk and incremental"),
)
initial_frontier_share = parameter(
    0.2, "1", "Frontier projects as a share of basic research at the opening.", basis=assumed("as the lever's default")
)
frontier_share_adjustment_time = parameter(
    3.0,
    "year",
    "Time in which the frontier share follows its goal.",
    bounds=(1.0, 8.0),
    basis=assumed("a cycle of grants"),
)
enterprise_basic_limit = parameter(
    lognormal(0.1, 0.3),
    "1",
    "Largest share of enterprise money that basic research can draw on.",
    bounds=(0.02, 0.3),
    basis=assumed("firms pay a few percent of basic research in China"),
)


basic_share = stock("1", "Intended basic research over research spending.", initial="initial_basic_share")
frontier_share = stock("1", "Frontier projects as a share of basic research.", initial="initial_frontier_share")


@flow("1/year", into=basic_share)
def basic_share_change(
    basic_share_target,
    basic_share_ahead,
    basic_share,
    gdp_endogenous,
    projecting,
    basic_share_adjustment_time,
    basic_share_smoothing_time,
):
    """The share follows the survey closely, later its goal, as it is realised, as fast as grants allow."""
    return (basic_share_target + gdp_endogenous * basic_share_ahead - basic_share) * (
        projecting / basic_share_adjustment_time + (1 - projecting) / basic_share_smoothing_time
    )


@flow("1/year", into=frontier_share)
def frontier_share_change(frontier_share_target, frontier_share, frontier_share_adjustment_time):
    """The frontier share moves towards its goal."""
    return (frontier_share_target - frontier_share) / frontier_share_adjustment_time


@auxiliary("billion_yuan/year")
def basic_research(
    basic_share,
    research_spending,
    government_research_funding,
    other_research_funding,
    enterprise_basic_limit,
    enterprise_research_funding,
):
    """Spending on basic research, as intended or as much as money without a near return allows."""
    return minimum(
        basic_share * research_spending,
        government_research_funding + other_research_funding + enterprise_basic_limit * enterprise_research_funding,
    )


@auxiliary(
    "1",
    reported=reported(ratio("basic_research", "research_spending"), "Basic research", unit="% of R&D", better="more"),
)
def basic_research_share(basic_research, research_spending):
    """Basic research as a share of research spending."""
    return safe_divide(basic_research, research_spending)


@auxiliary("billion_yuan/year")
def frontier_research(frontier_share, basic_research):
    """Spending on frontier projects."""
    return frontier_share * basic_research


@auxiliary("billion_yuan/year")
def conventional_research(basic_research, frontier_research):
    """Spending on conventional basic research."""
    return basic_research - frontier_research


@auxiliary("billion_yuan/year")
def applied_research(research_spending, basic_research):
    """Spending on applied research and experimental development: what basic research leaves."""
    return research_spending - basic_research
