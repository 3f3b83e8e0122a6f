"""Economy: what Shanghai produces, in constant and in current prices.

Real output comes from capital, workforce, applied knowledge and a residual. To the end of 2024 the growth of
real output and of its price level are data, and the residual takes up what the inputs leave unexplained; from
2025 the residual grows at its own rate and output is the model's own. Knowledge enters output once: the mix
of industries and the other centers would count the same gain again and stay out; institutions and digital
adoption add only what they change in the growth of the residual.
R1 (research, knowledge, output, public research) runs through this sector.
"""

from pujiang.basis import by_definition, derived, recalled, seen
from pujiang.declare import auxiliary, flow, parameter, series, stock
from pujiang.primitives import exp
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
        "effect: mix of industries and digital adoption are taken as part of it"
    ),
)


@auxiliary("billion_yuan_2015/year")
def initial_real_output(initial_gdp, initial_gdp_deflator):
    """Real output at the opening."""
    return initial_gdp / initial_gdp_deflator


@auxiliary("billion_yuan_2015/year")
def real_output(
    initial_real_output,
    ln_residual_productivity,
    physical_capital,
    initial_physical_capital,
    workforce,
    initial_workforce,
    capital_elasticity,
    knowledge_effect_on_output,
):
    """Output in constant prices, from real inputs relative to the opening."""
    return (
        initial_real_output
        * exp(ln_residual_productivity)
        * (physical_capital / initial_physical_capital) ** capital_elasticity
        * (workforce / initial_workforce) ** (1 - capital_elasticity)
        * knowledge_effect_on_output
    )


@auxiliary("1")
def knowledge_effect_on_output(relative_applied_knowledge, knowledge_output_elasticity):
    """Factor by which applied knowledge has raised output since the opening."""
    return relative_applied_knowledge**knowledge_output_elasticity


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
    normal(0.0145, 0.008),
    "1/year",
    "Growth of output from 2025 on that inputs do not explain.",
    bounds=(-0.015, 0.045),
    basis=derived(
        "the model's own residual grew 1.45 % a year over 2019-24 (five-year means since 2015: 1.6 to 3.5 %, "
        "single years spread by 2.5 points). No plan goal enters"
    ),
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
    knowledge_output_elasticity,
    applied_knowledge_growth,
):
    """Growth of output that capital, workforce and knowledge account for."""
    return (
        capital_elasticity * (investment_share * real_output / physical_capital - capital_depreciation)
        + (1 - capital_elasticity) * workforce_growth
        + knowledge_output_elasticity * applied_knowledge_growth
    )


@flow("1/year", into=ln_residual_productivity)
def residual_growth(
    gdp_endogenous,
    real_output_growth_rate,
    output_growth_from_inputs,
    residual_productivity_growth,
    output_growth_effect,
):
    """Growth of the residual: what the data leave unexplained, later its own rate."""
    return (1 - gdp_endogenous) * (real_output_growth_rate - output_growth_from_inputs) + gdp_endogenous * (
        residual_productivity_growth + output_growth_effect
    )


# Prices

gdp_deflator_growth_rate = series(
    "1/year", "Growth of the price level of output by quarter, so that nominal annual totals are those reported."
)
future_inflation = parameter(
    normal(0.01, 0.008),
    "1/year",
    "Growth of the price level of output from 2025 on.",
    bounds=(-0.02, 0.04),
    basis=derived("2.0 % a year over 2019-24, .3 % over 2022-24 (gdp deflator); between the two"),
)

gdp_deflator = stock("billion_yuan/billion_yuan_2015", "Price level of output.", initial="initial_gdp_deflator")


@flow("billion_yuan/billion_yuan_2015/year", into=gdp_deflator)
def gdp_deflator_change(gdp_deflator, gdp_endogenous, gdp_deflator_growth_rate, future_inflation):
    """Change of the price level."""
    return gdp_deflator * ((1 - gdp_endogenous) * gdp_deflator_growth_rate + gdp_endogenous * future_inflation)


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
