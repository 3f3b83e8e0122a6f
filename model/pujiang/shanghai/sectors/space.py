"""Is there room for technology firms to grow, and at what rent?

Firms and industrial capacity need floor space; space is built in response to rents, through three stages of
construction, and wears out. Occupancy moves rents; rents keep firms from being born, close some, and call for
more building (B8). Where space is nearly full, capacity waits for it. No statistic of rents or of floor space
is held against the sector: that vacancies rose after 2019 is recalled, so its sizes are priors.
"""

from pujiang.declare import (
    auxiliary,
    flow,
    initial,
    lever,
    logitnormal,
    lognormal,
    loop,
    normal,
    parameter,
    stock,
    switch,
    table,
)
from pujiang.primitives import delay3, maximum, minimum, safe_divide, total, trend
from pujiang.shanghai.dimensions import industry

production_space_programme = lever(
    "million_m2/year",
    "Production space started for technology firms beyond what the market starts; below 0: withdrawn.",
    default=0.0,
    bounds=(-5.0, 10.0),
    source="staged enterprise support, Shanghai 2025; below 0: land turned to other uses",
)
rent_relief = lever(
    "1",
    "Part of the rent of technology firms that the city pays.",
    default=0.0,
    bounds=(0.0, 1.0),
    source="assumed: programmes offer up to half; the bound serves a test of extremes",
)
rents_answer_to_occupancy = switch("Cuts the answer of rents to occupancy (loop B8).")

# fmt: off
space_per_established_firm = parameter(
    0.0006, "million_m2/firm", "Offices and laboratories of an established technology firm.",
    bounds=(0.0002, 0.002), prior=lognormal(0.0006, 0.3),
    source="assumed: 30 people at 20 m2",
)
space_per_startup = parameter(
    0.00012, "million_m2/firm", "Space of a startup or seed venture.",
    bounds=(0.00004, 0.0004), prior=lognormal(0.00012, 0.3),
    source="assumed: 8 people at 15 m2",
)
space_per_venture = parameter(
    0.001, "million_m2/firm", "Space of a venture-stage firm.",
    bounds=(0.0003, 0.003), prior=lognormal(0.001, 0.3),
    source="assumed",
)
space_per_growth_firm = parameter(
    0.003, "million_m2/firm", "Space of a firm in growth rounds, in the listing queue or a unicorn.",
    bounds=(0.001, 0.01), prior=lognormal(0.003, 0.3),
    source="assumed",
)
opening_space_per_capacity = parameter(
    0.004, "million_m2*year/billion_yuan", "Factory space per capacity at 2015.0.",
    bounds=(0.001, 0.012), prior=lognormal(0.004, 0.3),
    source="assumed: 250,000 yuan of output a year on a square metre",
)
space_saving_rate = parameter(
    0.04, "1/year", "Fall of factory space per capacity in current prices, in a year.",
    bounds=(0.0, 0.08), prior=normal(0.04, 0.01),
    source="assumed: prices and taller buildings; new land leases ask for rising output per area",
)
opening_occupancy = parameter(
    0.87, "1", "Share of space in use at 2015.0, at which rents neither rise nor fall.",
    bounds=(0.75, 0.96), prior=logitnormal(0.87, 0.02),
    source="recalled: vacancy of business parks 10-15 %",
)
space_construction_time = parameter(
    2.0, "year", "Time to build production space.",
    bounds=(1.0, 4.0), prior=lognormal(2.0, 0.2),
    source="recalled",
)
space_retirement = parameter(
    0.015, "1/year", "Share of space that is torn down or given up in a year.",
    bounds=(0.005, 0.04), prior=lognormal(0.015, 0.25),
    source="assumed",
)
opening_space_growth = parameter(
    0.05, "1/year", "Growth of the space needed before 2015.",
    bounds=(0.02, 0.09), prior=normal(0.05, 0.01),
    source="derived: what the firms and the capacity of the model need grows so in 2015-18",
)
space_planning_time = parameter(
    3.0, "year", "Time over which builders judge how fast the space needed grows.",
    bounds=(1.5, 6.0), prior=lognormal(3.0, 0.25),
    source="assumed",
)
space_supply_margin = parameter(
    1.2, "1", "Growth planned over the growth seen, at the rents of 2015.",
    bounds=(0.8, 1.8), prior=lognormal(1.2, 0.12),
    source="recalled: vacancy rose after 2019; districts compete with parks",
)
space_supply_elasticity = parameter(
    1.2, "1", "Response of starts to rents.",
    bounds=(0.3, 3.0), prior=lognormal(1.2, 0.3),
    source="assumed",
)
greatest_conversion = parameter(
    0.2, "1/year", "Largest share of standing space that can be turned to other uses in a year.",
    bounds=(0.05, 0.5), prior=lognormal(0.2, 0.25),
    source="assumed: leases run for years",
)
rent_occupancy_elasticity = parameter(
    2.0, "1", "Response of rents to occupancy.",
    bounds=(0.5, 5.0), prior=lognormal(2.0, 0.3),
    source="assumed",
)
rent_adjustment_time = parameter(
    1.5, "year", "Time in which rents follow occupancy.",
    bounds=(0.7, 4.0), prior=lognormal(1.5, 0.2),
    source="assumed: leases of two to three years",
)
space_charges_share = parameter(
    0.3, "1", "Part of the cost of space at 2015.0 that is not rent: management, energy, fitting out.",
    bounds=(0.1, 0.6), prior=logitnormal(0.3, 0.06),
    source="assumed; relief of rents does not reach it, so space is never quite free",
)
space_dependence = parameter(
    {"ic": 1.0, "biomedicine": 1.0, "ai": 0.3, "other": 0.7}, "1",
    "How far new capacity of an industry needs space of its own.",
    over=industry,
    source="assumed: fabs and plants against software",
)
space_crowding = table(
    "1", ((0.0, 0.0), (0.92, 0.0), (1.0, 0.15), (1.1, 0.5), (1.4, 1.0), (4.0, 1.0)),
    "Part of new capacity that waits for space, by occupancy: nobody while there is choice.",
    source="assumed: above some 92 % firms find no fitting space; above 1 they share it",
)
# fmt: on

production_space = stock(
    unit="million_m2", doc="Floor space that technology firms and industries can use.", annual="end"
)
space_per_capacity = stock(
    unit="million_m2*year/billion_yuan",
    initial="opening_space_per_capacity",
    doc="Factory space per capacity.",
)
rent_index = stock(unit="1", initial=1, doc="Rent of production space relative to 2015.", annual="mean")


@flow("million_m2/billion_yuan", out_of=space_per_capacity)
def space_saving(space_per_capacity, space_saving_rate):
    """Factory space per capacity falls."""
    return space_per_capacity * space_saving_rate


@auxiliary("million_m2")
def firm_space_demand(
    established_firms,
    all_startups,
    seed_ventures,
    venture_stage_firms,
    growth_stage_firms,
    listing_queue,
    unicorns,
    space_per_established_firm,
    space_per_startup,
    space_per_venture,
    space_per_growth_firm,
):
    """Space firms need for people; a certificate changes a firm's label, not its floor."""
    return (
        total(established_firms, industry) * space_per_established_firm
        + (all_startups + seed_ventures) * space_per_startup
        + venture_stage_firms * space_per_venture
        + (growth_stage_firms + listing_queue + unicorns) * space_per_growth_firm
    )


@auxiliary("million_m2")
def space_demand(firm_space_demand, capacity, space_per_capacity):
    """Space technology firms and industrial capacity need."""
    return firm_space_demand + total(capacity, industry) * space_per_capacity


@initial(production_space)
def initial_production_space(space_demand, opening_occupancy):
    """As much as leaves the opening occupancy."""
    return space_demand / opening_occupancy


@auxiliary("1", annual="mean")
def occupancy(space_demand, production_space):
    """Space needed over space there is; above 1 firms crowd."""
    return safe_divide(space_demand, production_space)


@auxiliary("1/year")
def expected_space_growth(space_demand, space_planning_time, opening_space_growth):
    """Growth of the space needed, as builders see it; they do not plan for a fall."""
    return maximum(trend(space_demand, space_planning_time, opening_space_growth), 0)


@auxiliary("million_m2/year")
def market_space_starts(
    production_space,
    space_retirement,
    expected_space_growth,
    space_supply_margin,
    rent_index,
    space_supply_elasticity,
):
    """Space the market starts: replacement and growth as expected, more where rents are high."""
    return (
        production_space
        * (space_retirement + space_supply_margin * expected_space_growth)
        * rent_index**space_supply_elasticity
    )


@auxiliary("million_m2/year")
def space_starts(market_space_starts, production_space_programme):
    """Space on which construction starts; withdrawing space cancels starts first."""
    return maximum(market_space_starts + production_space_programme, 0)


@flow("million_m2/year", into=production_space)
def space_completions(space_starts, space_construction_time, opening_space_growth):
    """Space completed."""
    return delay3(space_starts, space_construction_time, opening_space_growth)


@flow("million_m2/year", out_of=production_space)
def space_retired(production_space, space_retirement):
    """Space torn down or given up."""
    return production_space * space_retirement


@flow("million_m2/year", out_of=production_space)
def space_converted(market_space_starts, production_space_programme, production_space, greatest_conversion):
    """Standing space turned to other uses, where more is withdrawn than would have been started."""
    return minimum(
        maximum(-(market_space_starts + production_space_programme), 0),
        production_space * greatest_conversion,
    )


@flow("1/year", into=rent_index)
def rent_change(
    rent_index, occupancy, opening_occupancy, rent_occupancy_elasticity, rents_answer_to_occupancy, rent_adjustment_time
):
    """Rents move to where occupancy would have them."""
    return (
        (occupancy / opening_occupancy) ** (rent_occupancy_elasticity * rents_answer_to_occupancy) - rent_index
    ) / rent_adjustment_time


@auxiliary("1")
def relative_rent(space_charges_share, rent_index, rent_relief):
    """Cost of space to technology firms relative to 2015: rent after relief, and charges beside it."""
    return space_charges_share + (1 - space_charges_share) * rent_index * (1 - rent_relief)


@auxiliary("1", over=industry)
def space_availability(space_crowding, occupancy, space_dependence):
    """Share of wanted capacity for which there is space."""
    return 1 - space_dependence * space_crowding(occupancy)


# Loops

rents_and_firms = loop(
    "balancing",
    (
        "startup_births",
        "startups",
        "space_demand",
        "occupancy",
        "rent_index",
        "relative_rent",
        "technology_firm_births",
    ),
    "B8: more firms fill the space there is; rents rise and keep others from being born.",
    cut_by="rents_answer_to_occupancy",
)
