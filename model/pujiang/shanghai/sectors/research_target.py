"""A research target and the pressure it puts on budgets (loop B10).

Budgets are under pressure as long as research intensity falls short of an announced target; pressure follows
the gap and fades with it, so whether a target is met is an outcome. The baseline follows no target.
"""

from pujiang.basis import assumed
from pujiang.declare import auxiliary, flow, lever, parameter, stock
from pujiang.primitives import maximum, safe_divide
from pujiang.priors import lognormal

research_intensity_target = lever(
    "1",
    "Announced goal for research spending over GDP.",
    default=None,
    bounds=(0.0, 0.25),
    why="The gap to the announced goal puts pressure on public and firm budgets and fades as it closes (B10), so "
    "part of the goal is met late or not at all; scarce researchers thin the yield of the added money.",
    basis=assumed("the plan for 2026-30 names a goal; the baseline follows none"),
)
target_pressure_gain = parameter(
    lognormal(2.0, 0.35),
    "1",
    "Pressure per unit of the relative gap between target and research intensity.",
    bounds=(0.6, 6.0),
    basis=assumed("about two thirds of a gap are closed in the end"),
)
target_response_time = parameter(
    lognormal(1.5, 0.3),
    "year",
    "Time in which a gap turns into pressure on budgets.",
    bounds=(0.5, 4.0),
    basis=assumed("one to two budget cycles"),
)
government_target_response = parameter(
    lognormal(1.0, 0.3),
    "1",
    "Rise of government appropriations per unit of pressure.",
    bounds=(0.3, 3.0),
    basis=assumed("government answers in proportion"),
)
firm_target_response = parameter(
    lognormal(0.75, 0.3),
    "1",
    "Rise of firms' research intensity per unit of pressure.",
    bounds=(0.2, 2.5),
    basis=assumed("state firms answer as government does, others less"),
)

research_policy_pressure = stock("1", "Pressure of a missed research target on budgets.", initial=0)


@auxiliary("1")
def research_target_gap(research_intensity_target_set, research_intensity_target, research_intensity):
    """How far research intensity falls short of the target, relative to itself; 0 without a target."""
    return research_intensity_target_set * maximum(safe_divide(research_intensity_target, research_intensity) - 1, 0)


@flow("1/year", into=research_policy_pressure)
def research_policy_pressure_change(
    target_pressure_gain, research_target_gap, research_policy_pressure, target_response_time
):
    """Pressure follows the gap."""
    return (target_pressure_gain * research_target_gap - research_policy_pressure) / target_response_time
