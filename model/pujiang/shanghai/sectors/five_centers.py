"""How does technology empower the other four centers, and what do they give back?

Knowledge raises what the economic, financial, trade and shipping centers can do beyond the city's own growth;
they draw private capital, open markets, and hold scenarios in which new technology is first applied (R8).
Scenarios spread by example until those to be had are open. Evidence: a few single firms' figures and no
series at all, so the sector is small and its sizes are priors.
"""

from pujiang.basis import assumed, by_definition, recalled
from pujiang.declare import auxiliary, flow, lever, parameter, stock, unit
from pujiang.primitives import element, minimum, only, safe_divide, total
from pujiang.priors import lognormal, normal
from pujiang.reported import reported
from pujiang.shanghai.dimensions import center, industry

scenario = unit("scenario", "Application scenarios: places where new technology is applied first.")

scenario_opening = lever(
    "scenario/year",
    "Application scenarios the city opens in a year beyond those that spread by themselves.",
    default=0.0,
    bounds=(0.0, 3000.0),
    why="Application scenarios open up to those to be had; each adds to the demand of the industries that use it "
    "and to the capability of the other centers (R8), once, as it opens.",
    shown_at=100.0,
    basis=assumed("programmes that open scenarios in the other centers, Shanghai 2025"),
)

center_empowerment = parameter(
    normal(0.2, 0.07),
    "1",
    "Response of the economic center's capability to applied knowledge.",
    bounds=(0.0, 0.6),
    basis=assumed("only figures of single firms, no series of a center; one would tell"),
)
center_receptiveness = parameter(
    {"economic": 1.0, "financial": 0.8, "trade": 0.8, "shipping": 0.6},
    "1",
    "Response of a center to technology relative to the economic center.",
    over=center,
    basis=assumed("the economic center uses technology most; uncertain through center_empowerment"),
)
scenario_empowerment = parameter(
    0.05,
    "1",
    "Log capability that the economic center gains when all scenarios are open.",
    bounds=(0.005, 0.25),
    basis=assumed("a small gain, figures of single firms only; a center's output before and after would tell"),
)
initial_application_scenarios = parameter(
    150.0,
    "scenario",
    "Application scenarios open at 2015.0.",
    bounds=(50.0, 500.0),
    basis=assumed("order of size; one steelmaker alone opened 125 in 2024"),
)
scenario_potential_base = parameter(
    lognormal(10000.0, 0.4),
    "scenario",
    "Application scenarios to be had at the capability of 2015.",
    bounds=(3000.0, 40000.0),
    basis=assumed("order of size, no census of scenarios exists; one would tell"),
)
scenario_innovation_rate = parameter(
    0.002,
    "1/year",
    "Share of scenarios to be had that open by themselves in a year.",
    bounds=(0.0005, 0.01),
    basis=assumed("Bass p, small: few open a scenario without an example; dated lists would tell"),
)
scenario_diffusion_rate = parameter(
    lognormal(0.35, 0.25),
    "1/year",
    "Rate at which open scenarios make others open theirs.",
    bounds=(0.1, 1.0),
    basis=recalled("Bass q, 0.3-0.5"),
)
scenario_opening_time = parameter(
    1.0,
    "year",
    "Shortest time in which all scenarios left could be opened.",
    bounds=(0.5, 3.0),
    basis=assumed("a year from call to opening; programmes' reports would tell"),
)
five_centers_demand_gain = parameter(
    0.2,
    "1",
    "Growth of demand for growth of the trade center above that of the start (shipping likewise).",
    bounds=(0.0, 0.6),
    basis=assumed("a fifth of what the center gains; sales by customer would tell"),
)
scenario_demand_gain = parameter(
    normal(0.3, 0.1),
    "1",
    "Log demand for artificial intelligence that all scenarios add when they are open.",
    bounds=(0.0, 1.0),
    basis=assumed("a third more at most; sales to the other centers would tell"),
)
number_of_centers = parameter(
    4.0,
    "1",
    "Centers beside that of science and technology.",
    basis=by_definition("the economic, financial, trade and shipping centers"),
)

center_capability = stock(
    "1",
    "What a center can do beyond what the city's growth gives it, relative to 2015.",
    over=center,
    initial=1,
    reported=reported("end", "Capability of the other centers, 2015 = 1", short="Center capability"),
)
application_scenarios = stock(
    "scenario",
    "Places in the other centers where new technology is applied first.",
    initial="initial_application_scenarios",
    reported=reported("end", "Application scenarios open", short="Application scenarios", unit="scenarios"),
)


@auxiliary("1")
def mean_center_capability(center_capability, number_of_centers):
    """Capability of the four centers on average."""
    return total(center_capability, center) / number_of_centers


@auxiliary("scenario")
def scenario_potential(scenario_potential_base, mean_center_capability):
    """Application scenarios to be had: more where the centers can do more."""
    return scenario_potential_base * mean_center_capability


@flow("scenario/year", into=application_scenarios)
def scenario_diffusion(scenario_potential, application_scenarios, scenario_innovation_rate, scenario_diffusion_rate):
    """Scenarios that open by themselves and by example, until those to be had are open."""
    return (scenario_potential - application_scenarios) * (
        scenario_innovation_rate + scenario_diffusion_rate * safe_divide(application_scenarios, scenario_potential)
    )


@flow("scenario/year", into=application_scenarios)
def scenario_programme(scenario_opening, scenario_potential, application_scenarios, scenario_opening_time):
    """Scenarios the city opens, no more than are left."""
    return minimum(scenario_opening, (scenario_potential - application_scenarios) / scenario_opening_time)


@auxiliary("1/year")
def scenario_progress(scenario_diffusion, scenario_programme, scenario_potential):
    """Part of the scenarios to be had that opens in a year."""
    return safe_divide(scenario_diffusion + scenario_programme, scenario_potential)


@auxiliary("1/year", over=center)
def center_growth(
    center_empowerment,
    center_receptiveness,
    applied_knowledge_growth,
    scenario_empowerment,
    scenario_progress,
):
    """Growth of a center's capability through technology: knowledge, and scenarios in which it is applied."""
    return center_receptiveness * (
        center_empowerment * applied_knowledge_growth + scenario_empowerment * scenario_progress
    )


@flow("1/year", into=center_capability, over=center)
def center_capability_change(center_capability, center_growth):
    """Capability gained (lost where knowledge is lost)."""
    return center_capability * center_growth


@auxiliary("1")
def financial_center(center_capability):
    """Capability of the financial center."""
    return element(center_capability, center, "financial")


@auxiliary("1/year", over=center)
def center_surge(center_growth, center_receptiveness, center_empowerment, initial_applied_knowledge_growth):
    """Growth of a center above that of the start, which the trend of demand holds already."""
    return center_growth - center_receptiveness * center_empowerment * initial_applied_knowledge_growth


@auxiliary("1/year", over=industry)
def market_access_growth(
    five_centers_demand_gain,
    center_surge,
    scenario_demand_gain,
    scenario_progress,
):
    """Growth of demand: trade adds to all, shipping to others (its equipment), application scenarios to AI."""
    return five_centers_demand_gain * (
        element(center_surge, center, "trade") + only(element(center_surge, center, "shipping"), industry, "other")
    ) + only(scenario_demand_gain * scenario_progress, industry, "ai")
