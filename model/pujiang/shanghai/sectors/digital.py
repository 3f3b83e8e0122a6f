"""How far has digital technology spread, and what does its spread add to output?

Adoption follows a logistic curve, a little faster where application scenarios are open, and faster with
a programme. What it adds to output is taken net of knowledge and of the digital growth that the residual of
2019-24 holds already, so that nothing counts twice. Evidence: none that can be used (the one page with figures
contradicts itself); a plan asks for over a fifth of output in 2030. Small on purpose.
"""

from pujiang.basis import assumed
from pujiang.declare import auxiliary, flow, lever, parameter, stock
from pujiang.primitives import safe_divide
from pujiang.priors import lognormal
from pujiang.reported import reported

digital_programme = lever(
    "1/year",
    "Policy added to the rate at which digital technology spreads.",
    default=0.0,
    bounds=(-0.05, 0.2),
    why="Adoption spreads faster along its logistic curve, and only a spread faster than before 2025 adds to the "
    "growth of output; nearer saturation the gain fades.",
    shown_at=0.01,
    basis=assumed("digital plans of the city"),
)

initial_digital_adoption = parameter(
    0.36,
    "1",
    "Share of firms and services that had gone digital at 2015.0.",
    bounds=(0.15, 0.6),
    basis=assumed("with the share below, 11 % of output at the start"),
)
digital_diffusion_rate = parameter(
    lognormal(0.1, 0.2),
    "1/year",
    "Rate at which digital technology spreads by itself.",
    bounds=(0.03, 0.25),
    basis=assumed("a plan asks for a core of over 20 % of output in 2030"),
)
scenario_digital_effect = parameter(
    0.1,
    "1",
    "Share by which open scenarios speed up the spread when all of them are open.",
    bounds=(0.0, 0.4),
    basis=assumed("a tenth at most; adoption near open scenarios would tell"),
)
digital_core_ceiling = parameter(
    0.3,
    "1",
    "Share of the digital core in output when all have gone digital.",
    bounds=(0.15, 0.5),
    basis=assumed("half as much again as the 20 % a plan asks for in 2030"),
)
digital_output_gain = parameter(
    0.05,
    "1",
    "Log output that full adoption adds beyond what knowledge adds.",
    bounds=(0.0, 0.2),
    basis=assumed("half of estimates around .1, the other half being knowledge"),
)
digital_memory = parameter(
    3.0,
    "year",
    "Time over which the spread stands in the residual growth of output before 2025.",
    basis=assumed("the residual is that of 2019-24"),
)

digital_adoption = stock(
    "1",
    "Share of firms and services that have gone digital.",
    initial="initial_digital_adoption",
    reported=reported("end", "Digital adoption", unit="% of firms and services"),
)
digital_growth_in_residual = stock(
    "1/year",
    "Spread of digital technology that the residual growth of output holds; it stays as of 2025.0.",
    initial="initial_digital_spread",
)


@auxiliary("1/year")
def initial_digital_spread(initial_digital_adoption, digital_diffusion_rate):
    """Spread of digital technology at the start."""
    return digital_diffusion_rate * initial_digital_adoption * (1 - initial_digital_adoption)


@flow("1/year", into=digital_adoption)
def digital_spread(
    digital_diffusion_rate,
    digital_programme,
    digital_adoption,
    scenario_digital_effect,
    application_scenarios,
    scenario_potential,
):
    """Firms and services that go digital: by example of those that have, until all have."""
    return (
        (digital_diffusion_rate + digital_programme)
        * digital_adoption
        * (1 - digital_adoption)
        * (1 + scenario_digital_effect * safe_divide(application_scenarios, scenario_potential))
    )


@flow("1/year^2", into=digital_growth_in_residual)
def digital_growth_remembered(gdp_endogenous, digital_spread, digital_growth_in_residual, digital_memory):
    """The residual takes up the spread as long as it follows the data."""
    return (1 - gdp_endogenous) * (digital_spread - digital_growth_in_residual) / digital_memory


@auxiliary("1/year")
def digital_effect_on_growth(digital_output_gain, digital_spread, digital_growth_in_residual):
    """Growth of output by a spread that is faster (slower: below 0) than before 2025."""
    return digital_output_gain * (digital_spread - digital_growth_in_residual)


@auxiliary("1", reported=reported("mean", "Digital core", unit="% of output"))
def digital_core_share(digital_core_ceiling, digital_adoption):
    """Share of the digital core in output."""
    return digital_core_ceiling * digital_adoption
