"""Is there room for technology firms to grow, and at what rent?

Firms and industrial capacity need floor space; space is built in response to rents, through three stages of
construction, and wears out. Occupancy moves rents; rents keep firms from being born, close some, and call for
more building (B8). Where space is nearly full, capacity waits for it. No statistic of rents or of floor space
is held against the sector: that vacancies rose after 2019 is recalled, so its sizes are priors.
"""

from pujiang.basis import assumed, derived, recalled, seen
from pujiang.declare import auxiliary, flow, initial, lever, parameter, stock, table, unit
from pujiang.primitives import delay3, maximum, minimum, safe_divide, total, trend
from pujiang.priors import lognormal, normal
from pujiang.reported import reported
from pujiang.shanghai.dimensions import industry

million_m2 = unit("million_m2", "Floor space.", shown="million m²")

production_space_programme = lever(
    "million_m2/year",
    "Production space started for technology firms beyond what the market starts; below 0: withdrawn.",
    default=0.0,
    bounds=(-5.0, 10.0),
    why="Space is finished only after three stages of construction; it then lowers occupancy and rents (B8), which "
    "lets more firms be born and live; capacity gains only where space is nearly full and it has to wait.",
    shown_at=1.0,
    basis=seen("staged enterprise support, Shanghai 2025; below 0: land turned to other uses"),
)
rent_relief = lever(
    "1",
    "Part of the rent of technology firms that the city pays.",
    default=0.0,
    bounds=(0.0, 1.0),
    why="Firms pay less at once: more are born, fewer close, more ventures raise again; the space they then need "
    "raises occupancy and rents, which takes part of it back (B8).",
    shown_at=0.2,
    basis=assumed("programmes offer up to half; the bound serves a test of extremes"),
)

space_per_established_firm = parameter(
    0.0006,
    "million_m2/firm",
    "Offices and laboratories of an established technology firm.",
    bounds=(0.0002, 0.002),
    basis=assumed("30 people at 20 m2"),
)
space_per_startup = parameter(
    0.00012,
    "million_m2/firm",
    "Space of a startup or seed venture.",
    bounds=(0.00004, 0.0004),
    basis=assumed("8 people at 15 m2"),
)
space_per_venture = parameter(
    0.001,
    "million_m2/firm",
    "Space of a venture-stage firm.",
    bounds=(0.0003, 0.003),
    basis=assumed("between an established firm and one in growth rounds; leases by firm would tell"),
)
space_per_growth_firm = parameter(
    0.003,
    "million_m2/firm",
    "Space of a firm in growth rounds, in the listing queue or a unicorn.",
    bounds=(0.001, 0.01),
    basis=assumed("three times a venture-stage firm's; leases by firm would tell"),
)
initial_space_per_capacity = parameter(
    0.004,
    "million_m2*year/billion_yuan",
    "Factory space per capacity at 2015.0.",
    bounds=(0.001, 0.012),
    basis=assumed("250,000 yuan of output a year on a square metre"),
)
space_saving_rate = parameter(
    0.04,
    "1/year",
    "Fall of factory space per capacity in current prices, in a year.",
    bounds=(0.0, 0.08),
    basis=assumed("prices and taller buildings; new land leases ask for rising output per area"),
)
initial_occupancy = parameter(
    0.87,
    "1",
    "Share of space in use at 2015.0, at which rents neither rise nor fall.",
    bounds=(0.75, 0.96),
    basis=recalled("vacancy of business parks 10-15 %"),
)
space_construction_time = parameter(
    2.0,
    "year",
    "Time to build production space.",
    bounds=(1.0, 4.0),
    basis=recalled("about two years from start to finish"),
)
space_retirement = parameter(
    0.015,
    "1/year",
    "Share of space that is torn down or given up in a year.",
    bounds=(0.005, 0.04),
    basis=assumed("buildings stand for decades; permits for demolition would tell"),
)
initial_space_growth = parameter(
    normal(0.05, 0.01),
    "1/year",
    "Growth of the space needed before 2015.",
    bounds=(0.02, 0.09),
    basis=derived("what the firms and the capacity of the model need grows so in 2015-18"),
)
space_planning_time = parameter(
    3.0,
    "year",
    "Time over which builders judge how fast the space needed grows.",
    bounds=(1.5, 6.0),
    basis=assumed("builders look back over some years; starts against leases over time would tell"),
)
space_supply_margin = parameter(
    lognormal(1.2, 0.12),
    "1",
    "Growth planned over the growth seen, at the rents of 2015.",
    bounds=(0.8, 1.8),
    basis=recalled("vacancy rose after 2019; districts compete with parks", hindsight=2019),
)
space_supply_elasticity = parameter(
    1.2,
    "1",
    "Response of starts to rents.",
    bounds=(0.3, 3.0),
    basis=assumed("a little above proportion; starts against rents over time would tell"),
)
greatest_conversion = parameter(
    0.2,
    "1/year",
    "Largest share of standing space that can be turned to other uses in a year.",
    bounds=(0.05, 0.5),
    basis=assumed("leases run for years"),
)
rent_occupancy_elasticity = parameter(
    2.0,
    "1",
    "Response of rents to occupancy.",
    bounds=(0.5, 5.0),
    basis=assumed("twice proportion, as supply is slow; rents against occupancy of parks would tell"),
)
rent_adjustment_time = parameter(
    1.5,
    "year",
    "Time in which rents follow occupancy.",
    bounds=(0.7, 4.0),
    basis=assumed("leases of two to three years"),
)
space_charges_share = parameter(
    0.3,
    "1",
    "Part of the cost of space at 2015.0 that is not rent: management, energy, fitting out.",
    bounds=(0.1, 0.6),
    basis=assumed("relief of rents does not reach it, so space is never quite free"),
)
space_dependence = parameter(
    {"ic": 1.0, "biomedicine": 1.0, "ai": 0.3, "other": 0.7},
    "1",
    "How far new capacity of an industry needs space of its own.",
    over=industry,
    basis=assumed("fabs and plants against software"),
)
space_crowding = table(
    "1",
    ((0.0, 0.0), (0.92, 0.0), (1.0, 0.15), (1.1, 0.5), (1.4, 1.0), (4.0, 1.0)),
    "Part of new capacity that waits for space, by occupancy: nobody while there is choice.",
    basis=assumed("above some 92 % firms find no fitting space; above 1 they share it"),
)

production_space = stock(
    "million_m2",
    "Floor space that technology firms and industries can use.",
    reported=reported("end", "Production space", unit="million m²", decimals=1),
)
space_per_capacity = stock(
    "million_m2*year/billion_yuan", "Factory space per capacity.", initial="initial_space_per_capacity"
)
rent_index = stock(
    "1",
    "Rent of production space relative to 2015.",
    initial=1,
    reported=reported("mean", "Rent of production space, 2015 = 1", short="Rent index"),
)


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
def initial_production_space(space_demand, initial_occupancy):
    """As much as leaves the opening occupancy."""
    return space_demand / initial_occupancy


@auxiliary("1", reported=reported("mean", "Occupancy of production space", short="Occupancy", unit="% of space"))
def occupancy(space_demand, production_space):
    """Space needed over space there is; above 1 firms crowd."""
    return safe_divide(space_demand, production_space)


@auxiliary("1/year")
def expected_space_growth(space_demand, space_planning_time, initial_space_growth):
    """Growth of the space needed, as builders see it; they do not plan for a fall."""
    return maximum(trend(space_demand, space_planning_time, initial_space_growth), 0)


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
def space_completions(space_starts, space_construction_time, initial_space_growth):
    """Space completed."""
    return delay3(space_starts, space_construction_time, initial_space_growth)


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
def rent_change(rent_index, occupancy, initial_occupancy, rent_occupancy_elasticity, rent_adjustment_time):
    """Rents move to where occupancy would have them."""
    return ((occupancy / initial_occupancy) ** rent_occupancy_elasticity - rent_index) / rent_adjustment_time


@auxiliary("1")
def relative_rent(space_charges_share, rent_index, rent_relief):
    """Cost of space to technology firms relative to 2015: rent after relief, and charges beside it."""
    return space_charges_share + (1 - space_charges_share) * rent_index * (1 - rent_relief)


@auxiliary("1", over=industry)
def space_availability(space_crowding, occupancy, space_dependence):
    """Share of wanted capacity for which there is space."""
    return 1 - space_dependence * space_crowding(occupancy)
