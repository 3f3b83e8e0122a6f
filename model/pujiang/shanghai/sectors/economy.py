"""Economy: what Shanghai produces, in constant and in current prices.

Output is the value added of the technology industries and that of the rest. The rest comes from capital,
workforce, applied knowledge spilling over, and a residual. To the end of 2024 the growth of real output and of
its price level are data, and the residual of the rest takes up what is left; from 2025 on output is the model's
own. The residual and inflation start from their rates of late and revert, so that 2025 continues 2024. Knowledge
enters once: one elasticity for the whole of output, less what the technology industries carry by their demand.
R1 (research, knowledge, output, public research) runs through this sector.
"""

from pujiang.basis import assumed, by_definition, derived, recalled, seen
from pujiang.declare import auxiliary, flow, lever, parameter, series, stock
from pujiang.primitives import exp, maximum
from pujiang.priors import lognormal, normal
from pujiang.reported import reported

# What is produced

initial_gdp = parameter(
    2625.776033,
    "billion_yuan/year",
    "GDP as a rate at the opening, 1 January 2015.",
    basis=derived(
        "with the growth rates below: the smoothest quarterly path whose annual totals are the reported ones"
    ),
)
initial_gdp_deflator = parameter(
    1.0,
    "billion_yuan/billion_yuan_2015",
    "Price level of output at the opening.",
    basis=by_definition("constant prices are those of the opening"),
)
capital_elasticity = parameter(
    normal(0.4, 0.05),
    "1",
    "Percent of output that one percent of capital adds.",
    bounds=(0.25, 0.55),
    basis=recalled("growth accounting for China"),
)
knowledge_output_elasticity = parameter(
    normal(0.08, 0.025),
    "1",
    "Percent of output that one percent of applied knowledge adds.",
    bounds=(0.0, 0.2),
    basis=seen(
        "Chen et al. 2021, about .09; recalled: Hall, Mairesse and Mohnen 2009, about .08. One prior on the whole "
        "effect, technology industries and the rest together"
    ),
)


@auxiliary("billion_yuan_2015/year")
def initial_real_output(initial_gdp, initial_gdp_deflator):
    """Real output at the opening."""
    return initial_gdp / initial_gdp_deflator


@auxiliary("1")
def opening_technology_share(opening_technology_value_added, initial_gdp):
    """Part of the technology industries in GDP at the opening."""
    return opening_technology_value_added / initial_gdp


@auxiliary("1")
def knowledge_spillover_elasticity(knowledge_output_elasticity, opening_technology_share, demand_knowledge_elasticity):
    """Percent of the rest of output that one percent of knowledge adds: what technology industries leave to it."""
    return maximum(knowledge_output_elasticity - opening_technology_share * demand_knowledge_elasticity, 0) / (
        1 - opening_technology_share
    )


@auxiliary("billion_yuan_2015/year")
def rest_of_output(
    initial_real_output,
    opening_technology_share,
    ln_residual_productivity,
    physical_capital,
    initial_physical_capital,
    workforce,
    initial_workforce,
    capital_elasticity,
    knowledge_effect_on_output,
):
    """Value added beyond the technology industries, in constant prices, from inputs relative to the opening."""
    return (
        initial_real_output
        * (1 - opening_technology_share)
        * exp(ln_residual_productivity)
        * (physical_capital / initial_physical_capital) ** capital_elasticity
        * (workforce / initial_workforce) ** (1 - capital_elasticity)
        * knowledge_effect_on_output
    )


@auxiliary("1")
def knowledge_effect_on_output(relative_applied_knowledge, knowledge_spillover_elasticity):
    """Factor by which applied knowledge has raised the rest of output since the opening."""
    return relative_applied_knowledge**knowledge_spillover_elasticity


@auxiliary("billion_yuan_2015/year", reported=reported("integral", "Real GDP, prices of 2015", short="Real GDP"))
def real_output(technology_value_added, gdp_deflator, rest_of_output):
    """Output in constant prices: technology industries and the rest."""
    return technology_value_added / gdp_deflator + rest_of_output


@auxiliary("billion_yuan/year", reported=reported("integral", "GDP, current prices", short="GDP", better="more"))
def gdp(real_output, gdp_deflator):
    """Gross domestic product at current prices."""
    return real_output * gdp_deflator


# Capital and workforce

physical_capital_per_output = parameter(
    lognormal(2.3, 0.1),
    "year",
    "Capital per unit of annual real output at the opening.",
    bounds=(1.5, 3.2),
    basis=recalled("capital-output ratio of rich Chinese provinces"),
)
investment_share = parameter(
    normal(0.24, 0.03),
    "1",
    "Share of output that is invested.",
    bounds=(0.15, 0.35),
    basis=recalled("fixed-asset investment over GDP"),
)
capital_depreciation = parameter(
    normal(0.065, 0.01),
    "1/year",
    "Share of capital that wears out in a year.",
    bounds=(0.03, 0.1),
    basis=recalled("5-9 % in the literature on China"),
)
initial_workforce = parameter(
    13.6e6, "person", "People at work at the opening.", basis=recalled("about 13.6 million employed in 2015")
)
workforce_growth = parameter(
    normal(-0.002, 0.003),
    "1/year",
    "Growth of the workforce.",
    bounds=(-0.012, 0.01),
    basis=recalled("flat or slightly falling employment"),
)

physical_capital = stock(
    "billion_yuan_2015", "Productive capital in constant prices.", initial="initial_physical_capital"
)
workforce = stock("person", "People at work.", initial="initial_workforce")


@auxiliary("billion_yuan_2015")
def initial_physical_capital(physical_capital_per_output, initial_real_output):
    """Capital at the opening."""
    return physical_capital_per_output * initial_real_output


@flow("billion_yuan_2015/year", into=physical_capital)
def real_investment(investment_share, real_output):
    """Investment in constant prices."""
    return investment_share * real_output


@flow("billion_yuan_2015/year", out_of=physical_capital)
def capital_wear(physical_capital, capital_depreciation):
    """Capital that wears out."""
    return capital_depreciation * physical_capital


@flow("person/year", into=workforce)
def workforce_change(workforce, workforce_growth):
    """Net change of the workforce."""
    return workforce_growth * workforce


# The residual: data to the end of 2024, a prior after

real_output_growth_rate = series(
    "1/year", "Growth of real output by quarter, the smoothest path with the reported annual growth."
)
gdp_endogenous = series("1", "0 while output follows the data, 1 from 2025 on.")
residual_productivity_growth = parameter(
    normal(0.01, 0.008),
    "1/year",
    "Growth of the rest of output in the long run that inputs do not explain.",
    bounds=(-0.02, 0.045),
    basis=derived(
        "the model's own residual of the rest grew 1.0 % a year over 2019-24; single years spread by 2.5 points. "
        "No plan goal enters",
        hindsight=2024,
    ),
)
least_rest_share = parameter(
    0.05,
    "1",
    "Part of output the rest is taken for at least, where its growth is read from data.",
    basis=by_definition("far below any that is possible: parameters at the ends of their bounds must not divide by 0"),
)
growth_memory = parameter(
    1.0,
    "year",
    "Time over which the residual growth and inflation of late are taken at 2025.0.",
    basis=assumed("2025 continues 2024, and 2023 a little"),
)
growth_reverting_time = parameter(
    lognormal(4.0, 0.35),
    "year",
    "Time in which residual growth and inflation revert to their long-run rates from 2025 on.",
    bounds=(1.5, 10.0),
    basis=seen("growth regresses to the mean, Pritchett and Summers 2014; speed assumed"),
)

ln_residual_productivity = stock(
    "1", "Logarithm of output not explained by inputs, relative to the opening.", initial=0, signed=True
)


@auxiliary("1/year")
def output_growth_from_inputs(
    capital_elasticity,
    investment_share,
    real_output,
    physical_capital,
    capital_depreciation,
    workforce_growth,
    knowledge_spillover_elasticity,
    applied_knowledge_growth,
):
    """Growth of the rest of output that capital, workforce and knowledge account for."""
    return (
        capital_elasticity * (investment_share * real_output / physical_capital - capital_depreciation)
        + (1 - capital_elasticity) * workforce_growth
        + knowledge_spillover_elasticity * applied_knowledge_growth
    )


recent_residual_growth = stock(
    "1/year", "Residual growth of late; from 2025 on it reverts.", initial="opening_residual_growth", signed=True
)
recent_inflation = stock(
    "1/year", "Inflation of late; from 2025 on it reverts.", initial="gdp_deflator_growth_rate", signed=True
)


@auxiliary("billion_yuan_2015/year^2")
def real_technology_change(
    technology_value_added_change, technology_value_added, gdp_deflator, gdp_deflator_growth_rate
):
    """Real value added that the technology industries gain in a year of history."""
    return (technology_value_added_change - technology_value_added * gdp_deflator_growth_rate) / gdp_deflator


@auxiliary("1/year")
def unexplained_growth(
    real_output_growth_rate,
    real_output,
    real_technology_change,
    rest_of_output,
    least_rest_share,
    output_growth_from_inputs,
):
    """Growth of the rest of output that data, less technology industries and inputs, leave to the residual."""
    return (real_output_growth_rate * real_output - real_technology_change) / maximum(
        rest_of_output, least_rest_share * real_output
    ) - output_growth_from_inputs


@auxiliary("1/year")
def opening_residual_growth(unexplained_growth):
    """Residual growth at the opening."""
    return unexplained_growth


@flow("1/year", into=ln_residual_productivity)
def residual_growth(gdp_endogenous, unexplained_growth, recent_residual_growth, output_growth_effect, growth_ahead):
    """Growth of the residual: what the data leave unexplained, later its own rate."""
    return (1 - gdp_endogenous) * unexplained_growth + gdp_endogenous * (
        recent_residual_growth + output_growth_effect + growth_ahead
    )


@flow("1/year^2", into=recent_residual_growth)
def residual_growth_reverting(
    gdp_endogenous,
    unexplained_growth,
    recent_residual_growth,
    growth_memory,
    residual_productivity_growth,
    growth_outlook,
    growth_reverting_time,
):
    """Residual growth of late follows history, then reverts to its long-run rate, as the outlook shifts it."""
    return (1 - gdp_endogenous) * (unexplained_growth - recent_residual_growth) / growth_memory + gdp_endogenous * (
        residual_productivity_growth + growth_outlook - recent_residual_growth
    ) / growth_reverting_time


@flow("1/year^2", into=recent_inflation)
def inflation_reverting(
    gdp_endogenous,
    gdp_deflator_growth_rate,
    recent_inflation,
    growth_memory,
    future_inflation,
    inflation_outlook,
    growth_reverting_time,
):
    """Inflation of late follows history, then reverts to its long-run rate, as the outlook shifts it."""
    return (1 - gdp_endogenous) * (gdp_deflator_growth_rate - recent_inflation) / growth_memory + gdp_endogenous * (
        future_inflation + inflation_outlook - recent_inflation
    ) / growth_reverting_time


# Prices

gdp_deflator_growth_rate = series(
    "1/year", "Growth of the price level of output by quarter, so that nominal annual totals are those reported."
)
growth_outlook = lever(
    "1/year",
    "Points added to the long-run residual growth of the rest of output: the world around the city.",
    default=0.0,
    bounds=(-0.05, 0.05),
    why="The rest of the economy grows slower or faster; budgets for research and demand for technology follow it.",
    shown_at=-0.01,
    basis=assumed("a climate, not a policy"),
)
inflation_outlook = lever(
    "1/year",
    "Points added to long-run inflation: the world around the city.",
    default=0.0,
    bounds=(-0.05, 0.05),
    why="Prices move what is counted at current prices alike; needs of ventures and deals stay, so real money changes.",
    shown_at=-0.01,
    basis=assumed("a climate, not a policy"),
)
future_inflation = parameter(
    normal(0.01, 0.008),
    "1/year",
    "Growth of the price level of output in the long run.",
    bounds=(-0.02, 0.04),
    basis=derived("2.0 % a year over 2019-24, .3 % over 2022-24 (gdp deflator); between the two", hindsight=2024),
)

gdp_deflator = stock("billion_yuan/billion_yuan_2015", "Price level of output.", initial="initial_gdp_deflator")


@flow("billion_yuan/billion_yuan_2015/year", into=gdp_deflator)
def gdp_deflator_change(gdp_deflator, gdp_endogenous, gdp_deflator_growth_rate, recent_inflation):
    """Change of the price level."""
    return gdp_deflator * ((1 - gdp_endogenous) * gdp_deflator_growth_rate + gdp_endogenous * recent_inflation)


# Growth in which spending of the past is taken to have arrived at the opening

initial_growth = parameter(
    normal(0.11, 0.01),
    "1/year",
    "Growth of research spending before the opening, at current prices.",
    bounds=(0.08, 0.14),
    basis=seen("research spending 2012-15 grew 11.3 % a year"),
)
initial_inflation = parameter(
    0.023,
    "1/year",
    "Growth of the price level before the opening.",
    basis=derived("nominal less real growth of GDP 2011-14"),
)


@auxiliary("1/year")
def initial_real_growth(initial_growth, initial_inflation):
    """Growth of research spending before the opening, in constant prices."""
    return initial_growth - initial_inflation
