"""Knowledge: what research has found out and what can be applied, as stocks in constant prices.

Spending becomes results after long third-order lags: applied two years, conventional basic five, frontier
eight. Science raises the yield of applied research (spillover), knowledge already found lowers it (fishing
out, B4), and so does money without people (researcher scarcity, B5). Venture-backed research yields more per
yuan when it is completed; money itself is counted once. R1, R13 and
R15 run through applied knowledge, R18 through science.
"""

from pujiang.basis import assumed, by_definition, recalled, seen
from pujiang.declare import auxiliary, constant, flow, parameter, stock
from pujiang.primitives import delay3, safe_divide
from pujiang.priors import lognormal, normal
from pujiang.reported import reported

# Research completed, in constant prices

applied_lag = parameter(
    lognormal(2.0, 0.25),
    "year",
    "Mean time from applied research spending to results.",
    bounds=(1.0, 4.0),
    basis=recalled("Pakes and Schankerman, gestation 1.2-2.5 years"),
)
conventional_basic_lag = parameter(
    lognormal(5.0, 0.25),
    "year",
    "Mean time from conventional basic research to science that others can use.",
    bounds=(2.0, 10.0),
    basis=recalled("Mansfield 1991, 1998, six to seven years in all"),
)
frontier_basic_lag = parameter(
    lognormal(8.0, 0.25),
    "year",
    "Mean time from frontier research to science that others can use.",
    bounds=(4.0, 16.0),
    basis=seen("Adams 1990, twenty years to productivity with absorption"),
)


@auxiliary("billion_yuan_2015/year")
def applied_completions(applied_research, gdp_deflator, applied_lag, initial_real_growth):
    """Applied research completed."""
    return delay3(applied_research / gdp_deflator, applied_lag, initial_real_growth)


@auxiliary("billion_yuan_2015/year")
def venture_completions(venture_research, gdp_deflator, applied_lag, initial_real_growth):
    """Venture-backed research completed; a part of applied research completed."""
    return delay3(venture_research / gdp_deflator, applied_lag, initial_real_growth)


@auxiliary("billion_yuan_2015/year")
def conventional_completions(conventional_research, gdp_deflator, conventional_basic_lag, initial_real_growth):
    """Conventional basic research completed."""
    return delay3(conventional_research / gdp_deflator, conventional_basic_lag, initial_real_growth)


@auxiliary("billion_yuan_2015/year")
def frontier_completions(frontier_research, gdp_deflator, frontier_basic_lag, initial_real_growth):
    """Frontier research completed."""
    return delay3(frontier_research / gdp_deflator, frontier_basic_lag, initial_real_growth)


# Science

conventional_yield = parameter(
    normal(0.8, 0.1),
    "1",
    "Science gained per yuan of conventional basic research.",
    bounds=(0.4, 1.2),
    basis=assumed("many low-risk projects of low impact"),
)
frontier_yield = parameter(
    lognormal(1.8, 0.25),
    "1",
    "Science gained per yuan of frontier research.",
    bounds=(0.8, 4.0),
    basis=seen("Azoulay et al. 2011, about twice as many highly cited papers with long-term support"),
)
scientific_knowledge_depreciation = parameter(
    normal(0.07, 0.02),
    "1/year",
    "Share of scientific knowledge that becomes obsolete in a year.",
    bounds=(0.02, 0.15),
    basis=seen("2-7 % a year for innovations in Australian patents"),
)

scientific_knowledge = stock(
    "billion_yuan_2015",
    "Scientific knowledge, as yield-weighted basic research in constant prices.",
    initial="initial_scientific_knowledge",
    reported=reported("end", "Scientific knowledge", better="more"),
)


@flow("billion_yuan_2015/year", into=scientific_knowledge)
def scientific_knowledge_creation(conventional_yield, conventional_completions, frontier_yield, frontier_completions):
    """Science gained."""
    return conventional_yield * conventional_completions + frontier_yield * frontier_completions


@flow("billion_yuan_2015/year", out_of=scientific_knowledge)
def scientific_knowledge_obsolescence(scientific_knowledge, scientific_knowledge_depreciation):
    """Science that becomes obsolete."""
    return scientific_knowledge_depreciation * scientific_knowledge


# Applied knowledge

venture_research_effectiveness = parameter(
    lognormal(2.0, 0.25),
    "1",
    "Applied knowledge per yuan of venture-backed research, relative to other research.",
    bounds=(1.0, 4.0),
    basis=seen("Kortum and Lerner 2000, 3 % of research and 8-15 % of innovations; weighed down for selection"),
)
applied_knowledge_depreciation = parameter(
    normal(0.15, 0.03),
    "1/year",
    "Share of applied knowledge that becomes obsolete in a year.",
    bounds=(0.06, 0.3),
    basis=seen("15 % convention, Hall 2007"),
)

applied_knowledge = stock(
    "billion_yuan_2015",
    "Applied knowledge, as effective applied research in constant prices.",
    initial="initial_applied_knowledge",
    reported=reported("end", "Applied knowledge", better="more"),
)


@auxiliary("billion_yuan_2015/year")
def effective_applied_completions(applied_completions, venture_completions, venture_research_effectiveness):
    """Applied research completed, venture-backed research weighted by what it yields."""
    return applied_completions + (venture_research_effectiveness - 1) * venture_completions


@flow("billion_yuan_2015/year", into=applied_knowledge)
def applied_knowledge_creation(research_productivity, effective_applied_completions):
    """Applied knowledge gained."""
    return research_productivity * effective_applied_completions


@flow("billion_yuan_2015/year", out_of=applied_knowledge)
def applied_knowledge_obsolescence(applied_knowledge, applied_knowledge_depreciation):
    """Applied knowledge that becomes obsolete."""
    return applied_knowledge_depreciation * applied_knowledge


@auxiliary("1")
def relative_applied_knowledge(applied_knowledge, initial_applied_knowledge):
    """Applied knowledge relative to the opening."""
    return applied_knowledge / initial_applied_knowledge


@auxiliary("1/year")
def applied_knowledge_growth(applied_knowledge_creation, applied_knowledge_obsolescence, applied_knowledge):
    """Growth rate of applied knowledge."""
    return safe_divide(applied_knowledge_creation - applied_knowledge_obsolescence, applied_knowledge)


# What a yuan of applied research yields

science_spillover_elasticity = parameter(
    normal(0.15, 0.06),
    "1",
    "Percent of research productivity that one percent of science per applied knowledge adds.",
    bounds=(0.0, 0.4),
    basis=recalled("Jaffe 1989, Adams 1990"),
)
fishing_out_elasticity = parameter(
    normal(0.12, 0.06),
    "1",
    "Percent of research productivity that one percent of applied knowledge takes away.",
    bounds=(0.0, 0.4),
    basis=seen("Bloom et al. 2020, ideas get harder to find"),
)
talent_elasticity = parameter(
    normal(0.3, 0.1),
    "1",
    "Percent of research productivity that one percent of researchers adds at the opening's staffing.",
    bounds=(0.05, 0.6),
    basis=assumed("below the wage share of research spending"),
)


@auxiliary("1")
def science_spillover(
    scientific_knowledge, initial_scientific_knowledge, relative_applied_knowledge, science_spillover_elasticity
):
    """Effect of science per applied knowledge, relative to the opening."""
    return (
        safe_divide(scientific_knowledge / initial_scientific_knowledge, relative_applied_knowledge)
        ** science_spillover_elasticity
    )


@auxiliary("1")
def fishing_out(relative_applied_knowledge, fishing_out_elasticity):
    """Effect of what has been found already, relative to the opening."""
    return safe_divide(1, relative_applied_knowledge) ** fishing_out_elasticity


@auxiliary("1")
def staffing_effect(research_personnel, researchers_wanted, talent_elasticity):
    """Effect of people per research money.

    1 when those wanted are there, `talent_elasticity` its elasticity there; idle researchers add ever less.
    """
    return (2 * safe_divide(research_personnel, research_personnel + researchers_wanted)) ** (2 * talent_elasticity)


@auxiliary("1")
def staffing_when_begun(staffing_effect, applied_lag):
    """Staffing effect as it was when the research now completed was begun, which is when people are short."""
    return delay3(staffing_effect, applied_lag)


@auxiliary("1")
def research_productivity(
    science_spillover,
    fishing_out,
    staffing_when_begun,
    foreign_talent_effect,
    restriction_knowledge_effect,
    district_density,
):
    """Applied knowledge per yuan of effective applied research, relative to the opening."""
    return (
        science_spillover
        * fishing_out
        * staffing_when_begun
        * foreign_talent_effect
        * restriction_knowledge_effect
        * district_density
    )


# The opening: stocks that spending growing at a steady rate has built

delay_stages = constant(3.0, "1", "Stages of a third-order delay.", basis=by_definition("what third order means"))


@auxiliary("1")
def initial_applied_arrival(initial_real_growth, applied_lag, delay_stages):
    """Applied research completed per research started, while spending grows steadily."""
    return (1 + initial_real_growth * applied_lag / delay_stages) ** (-delay_stages)


@auxiliary("1")
def initial_conventional_arrival(initial_real_growth, conventional_basic_lag, delay_stages):
    """Conventional basic research completed per research started, while spending grows steadily."""
    return (1 + initial_real_growth * conventional_basic_lag / delay_stages) ** (-delay_stages)


@auxiliary("1")
def initial_frontier_arrival(initial_real_growth, frontier_basic_lag, delay_stages):
    """Frontier research completed per research started, while spending grows steadily."""
    return (1 + initial_real_growth * frontier_basic_lag / delay_stages) ** (-delay_stages)


@auxiliary("billion_yuan_2015")
def initial_scientific_knowledge(
    initial_basic_share,
    initial_frontier_share,
    initial_research_spending,
    initial_gdp_deflator,
    conventional_yield,
    frontier_yield,
    initial_conventional_arrival,
    initial_frontier_arrival,
    initial_real_growth,
    scientific_knowledge_depreciation,
):
    """Scientific knowledge at the opening."""
    return (
        initial_basic_share
        * initial_research_spending
        / initial_gdp_deflator
        * (
            conventional_yield * (1 - initial_frontier_share) * initial_conventional_arrival
            + frontier_yield * initial_frontier_share * initial_frontier_arrival
        )
        / (scientific_knowledge_depreciation + initial_real_growth)
    )


@auxiliary("billion_yuan_2015")
def initial_applied_knowledge(
    initial_basic_share,
    initial_research_spending,
    venture_research_effectiveness,
    initial_venture_research,
    initial_gdp_deflator,
    initial_applied_arrival,
    initial_real_growth,
    applied_knowledge_depreciation,
):
    """Applied knowledge at the opening."""
    return (
        (
            (1 - initial_basic_share) * initial_research_spending
            + (venture_research_effectiveness - 1) * initial_venture_research
        )
        / initial_gdp_deflator
        * initial_applied_arrival
        / (applied_knowledge_depreciation + initial_real_growth)
    )


@auxiliary("1/year")
def initial_applied_knowledge_growth(initial_real_growth):
    """Growth of applied knowledge at the opening."""
    return initial_real_growth
