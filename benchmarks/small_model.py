"""A model small enough to be written by hand for every simulator: here for Pujiang, beside it as XMILE.

Technology firms start, mature and are certified; they do research, knowledge brings new firms and new demand,
capacity follows demand, and rents and scarce people push back.
"""

# A sector is a class used as a namespace.
# ruff: noqa: N801, N805

from pathlib import Path

from pujiang.declare import assumed, auxiliary, flow, parameter, stock, table
from pujiang.primitives import exp, log, maximum, minimum

XMILE = Path(__file__).with_name("small_model.xmile")
YEARS, STEPS_A_YEAR = 16, 16
OUTCOMES = ("certified", "knowledge", "rent", "capacity", "output", "births")
VARIED = (
    "birth_base", "birth_elasticity", "maturation_time", "failure_rate", "imitation_rate", "research_per_firm",
    "fishing_out", "depreciation", "rent_elasticity", "demand_growth",
)  # fmt: skip


class firms:
    """The whole model."""

    birth_base = parameter(600.0, "firm/year", "Births at the start.", basis=assumed("benchmark"))
    birth_elasticity = parameter(0.4, "1", "Births by knowledge.", basis=assumed("benchmark"))
    entry_elasticity = parameter(0.3, "1", "Births by rent.", basis=assumed("benchmark"))
    maturation_time = parameter(2.5, "year", "Time to mature.", basis=assumed("benchmark"))
    failure_rate = parameter(0.15, "1/year", "Startups closing.", basis=assumed("benchmark"))
    closure_rate = parameter(0.05, "1/year", "Mature firms closing.", basis=assumed("benchmark"))
    innovation_rate = parameter(0.03, "1/year", "Certified unprompted.", basis=assumed("benchmark"))
    imitation_rate = parameter(0.4, "1/year", "Certified after others.", basis=assumed("benchmark"))
    lapse_rate = parameter(0.1, "1/year", "Certificates lost.", basis=assumed("benchmark"))
    research_per_firm = parameter(0.02, "billion_yuan/firm/year", "Research.", basis=assumed("benchmark"))
    staff_time = parameter(2.0, "person*year/billion_yuan", "Staff per research.", basis=assumed("benchmark"))
    talent_scale = parameter(150.0, "person", "People who count.", basis=assumed("benchmark"))
    hiring_time = parameter(1.5, "year", "Time to hire.", basis=assumed("benchmark"))
    research_yield = parameter(1.0, "1", "Knowledge per research.", basis=assumed("benchmark"))
    fishing_out = parameter(0.3, "1", "Yield lost to knowledge.", basis=assumed("benchmark"))
    depreciation = parameter(0.15, "1/year", "Knowledge lost.", basis=assumed("benchmark"))
    space = parameter(40.0, "million_m2", "Space.", basis=assumed("benchmark"))
    space_per_firm = parameter(0.004, "million_m2/firm", "Space a firm takes.", basis=assumed("benchmark"))
    rent_elasticity = parameter(1.2, "1", "Rent by occupancy.", basis=assumed("benchmark"))
    rent_time = parameter(1.5, "year", "Time rents take.", basis=assumed("benchmark"))
    demand_growth = parameter(0.05, "1/year", "Growth of demand.", basis=assumed("benchmark"))
    demand_pull = parameter(0.04, "1/year", "Growth by knowledge.", basis=assumed("benchmark"))
    capacity_life = parameter(12.0, "year", "Life of capacity.", basis=assumed("benchmark"))
    building_time = parameter(1.5, "year", "Time to build.", basis=assumed("benchmark"))
    startups_at_start = parameter(1100.0, "firm", "Startups.", basis=assumed("benchmark"))
    eligible_at_start = parameter(3000.0, "firm", "Eligible firms.", basis=assumed("benchmark"))
    certified_at_start = parameter(5400.0, "firm", "Certified firms.", basis=assumed("benchmark"))
    knowledge_at_start = parameter(400.0, "billion_yuan", "Knowledge.", basis=assumed("benchmark"))
    talent_at_start = parameter(170.0, "person", "Talent.", basis=assumed("benchmark"))
    rent_at_start = parameter(1.0, "1", "Rent.", basis=assumed("benchmark"))
    demand_at_start = parameter(900.0, "billion_yuan/year", "Demand.", basis=assumed("benchmark"))
    capacity_at_start = parameter(950.0, "billion_yuan/year", "Capacity.", basis=assumed("benchmark"))
    crowding = table(
        "1",
        ((0.0, 1.0), (0.4, 1.0), (0.6, 0.9), (0.8, 0.6), (1.0, 0.2), (1.4, 0.0)),
        "Crowding.",
        basis=assumed("benchmark"),
    )

    startups = stock(unit="firm", doc="Startups.", initial="startups_at_start")
    eligible = stock(unit="firm", doc="Eligible.", initial="eligible_at_start")
    certified = stock(unit="firm", doc="Certified.", initial="certified_at_start")
    knowledge = stock(unit="billion_yuan", doc="Knowledge.", initial="knowledge_at_start")
    talent = stock(unit="person", doc="Talent.", initial="talent_at_start")
    rent = stock(unit="1", doc="Rent.", initial="rent_at_start")
    demand = stock(unit="billion_yuan/year", doc="Demand.", initial="demand_at_start")
    capacity = stock(unit="billion_yuan/year", doc="Capacity.", initial="capacity_at_start")

    @auxiliary("1")
    def knowledge_index(knowledge, knowledge_at_start):
        """Knowledge relative to the start."""
        return knowledge / knowledge_at_start

    @auxiliary("1")
    def occupancy(certified, space_per_firm, space):
        """Space taken."""
        return certified * space_per_firm / space

    @flow("firm/year", into=startups)
    def births(birth_base, knowledge_index, birth_elasticity, rent, entry_elasticity):
        """Births."""
        return birth_base * knowledge_index**birth_elasticity * rent ** (-entry_elasticity)

    @flow("firm/year", out_of=startups, into=eligible)
    def maturation(startups, maturation_time):
        """Startups that mature."""
        return startups / maturation_time

    @flow("firm/year", out_of=startups)
    def failures(startups, failure_rate):
        """Startups that close."""
        return failure_rate * startups

    @auxiliary("1/year")
    def hazard(innovation_rate, imitation_rate, certified, eligible, crowding, occupancy):
        """Chance to be certified."""
        return (innovation_rate + imitation_rate * certified / (certified + eligible)) * crowding(occupancy)

    @flow("firm/year", out_of=eligible, into=certified)
    def certification(hazard, eligible):
        """Firms certified."""
        return hazard * eligible

    @flow("firm/year", out_of=eligible)
    def closures(eligible, closure_rate):
        """Mature firms that close."""
        return closure_rate * eligible

    @flow("firm/year", out_of=certified, into=eligible)
    def lapses(certified, lapse_rate):
        """Certificates lost."""
        return lapse_rate * certified

    @auxiliary("billion_yuan/year")
    def research(research_per_firm, certified, talent, talent_scale):
        """Research done."""
        return research_per_firm * certified * (1 - exp(-talent / talent_scale))

    @flow("billion_yuan/year", into=knowledge)
    def creation(research_yield, research, knowledge_index, fishing_out):
        """Knowledge gained."""
        return research_yield * research * knowledge_index ** (-fishing_out)

    @flow("billion_yuan/year", out_of=knowledge)
    def obsolescence(depreciation, knowledge):
        """Knowledge lost."""
        return depreciation * knowledge

    @flow("person/year", into=talent)
    def hiring(research, staff_time, talent, hiring_time):
        """People hired."""
        return (research * staff_time - talent) / hiring_time

    @flow("1/year", into=rent)
    def rent_change(occupancy, rent_elasticity, rent, rent_time):
        """Change of rent."""
        return (2 * occupancy**rent_elasticity - rent) / rent_time

    @flow("billion_yuan/year^2", into=demand)
    def demand_change(demand, demand_growth, demand_pull, knowledge_index):
        """Growth of demand."""
        return demand * (demand_growth + demand_pull * log(knowledge_index))

    @flow("billion_yuan/year^2", out_of=capacity)
    def scrapping(capacity, capacity_life):
        """Capacity scrapped."""
        return capacity / capacity_life

    @flow("billion_yuan/year^2", into=capacity)
    def building(demand, capacity, building_time, scrapping):
        """Capacity built."""
        return maximum((demand - capacity) / building_time + scrapping, 0)

    @auxiliary("billion_yuan/year")
    def output(capacity, demand):
        """What is made."""
        return minimum(capacity, demand)
