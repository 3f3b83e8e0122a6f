"""How does demand for the output of the technology industries grow?

Demand grows on a trend that matures, faster when knowledge and firms grow faster than at the start, slower
the further it runs ahead of output, so that it cannot compound without limit. From 2026 on the trend fades
to a long-run rate, which never raises an industry that has slowed below it, and demand follows the economy:
prices and output that grow faster than these trends suppose raise it as much. Technology industries cannot become
the whole economy: their growth fades as their part in it nears its limit. Loops: R1, R13, B12 saturation.
"""

from pujiang.basis import assumed, by_definition, seen
from pujiang.declare import auxiliary, flow, initial, lever, parameter, stock
from pujiang.primitives import log, maximum, minimum, safe_divide, trend, where
from pujiang.priors import lognormal, normal
from pujiang.shanghai.dimensions import industry

market_access_support = lever(
    "1/year",
    "Growth that market access for new products adds to demand.",
    default=0.0,
    bounds=(-0.05, 0.05),
    why="Demand grows faster, and output follows as capacity is built in three stages; the further demand runs "
    "ahead of output the less it grows (B12).",
    shown_at=0.01,
    basis=seen("staged enterprise support, Shanghai 2025"),
)

initial_demand_growth = parameter(
    {"ic": normal(0.14, 0.03), "biomedicine": normal(0.12, 0.03), "ai": normal(0.45, 0.1), "other": normal(0.10, 0.03)},
    "1/year",
    "Trend growth of demand at 2015.0.",
    over=industry,
    bounds=(-0.03, 0.8),
    start={"ic": 0.145, "biomedicine": 0.13, "ai": 0.535, "other": 0.113},
    basis=assumed(
        "weak: output is published for 2021-24 only, on these definitions; earlier figures would tell", hindsight=2024
    ),
)
demand_growth_late = parameter(
    {
        "ic": normal(0.14, 0.03),
        "biomedicine": normal(0.065, 0.02),
        "ai": normal(0.11, 0.03),
        "other": normal(0.07, 0.02),
    },
    "1/year",
    "Trend growth of demand of a mature industry in the decade of 2015-25.",
    over=industry,
    bounds=(-0.03, 0.25),
    start={"ic": 0.150, "biomedicine": 0.080, "ai": 0.13},
    basis=assumed(
        "weak: output is published for 2021-24 only, on these definitions; earlier figures would tell", hindsight=2024
    ),
)
demand_maturing_time = parameter(
    lognormal(4.0, 0.3),
    "year",
    "Time in which the trend of an industry matures.",
    bounds=(1.5, 10.0),
    start=5.0,
    basis=assumed("about half of the decade of 2015-25; output by industry of 2015-20 would tell"),
)
demand_fade_time = parameter(
    lognormal(10.0, 0.4),
    "year",
    "Time in which growth fades to its long-run rate after 2025.",
    bounds=(3.0, 30.0),
    basis=assumed("speed; seen: regression to the mean, Pritchett and Summers 2014"),
)
long_run_demand_growth = parameter(
    normal(0.05, 0.01),
    "1/year",
    "Growth of demand in the long run.",
    bounds=(0.02, 0.08),
    basis=assumed("about nominal growth of the economy"),
)
supposed_economy_growth = parameter(
    0.0465,
    "1/year",
    "Growth of GDP at current prices at which the trends hold from 2026 on.",
    basis=by_definition("the model's own baseline of 2026-30; what differs from it comes on top of the trends"),
)
demand_economy_elasticity = parameter(
    normal(1.0, 0.2),
    "1",
    "Growth of demand for growth of the rest of the economy above the supposed one.",
    bounds=(0.2, 1.8),
    basis=assumed("sales keep step with prices and output of the economy they serve"),
)
economy_growth_averaging_time = parameter(
    1.0, "year", "Time over which the growth of the economy is felt.", basis=assumed("budgets are annual")
)
demand_knowledge_elasticity = parameter(
    normal(0.25, 0.12),
    "1",
    "Growth of demand for a growth of applied knowledge above that of the start.",
    bounds=(0.0, 0.8),
    basis=assumed("part of new knowledge makes new products; sales of new products would tell"),
)
demand_firm_entry_elasticity = parameter(
    normal(0.33, 0.1),
    "1",
    "Growth of demand for a growth of firms, by revenue, above that of the start.",
    bounds=(0.0, 0.8),
    basis=assumed(
        "love of variety at an elasticity of substitution of four, 1 / (4 - 1); revenue per firm fell as firms "
        "multiplied, 2017-22",
        hindsight=2022,
    ),
)
initial_firm_growth = parameter(
    normal(0.03, 0.015),
    "1/year",
    "Growth of firms, by revenue, at the start.",
    bounds=(-0.02, 0.1),
    basis=assumed("from births, maturing and closures of 2015"),
)
firm_growth_averaging_time = parameter(
    1.0,
    "year",
    "Time over which new firms come to offer new products.",
    bounds=(0.5, 3.0),
    basis=assumed("a year from founding to a product; sales by age of firm would tell"),
)
demand_backlog_effect = parameter(
    lognormal(0.4, 0.35),
    "1/year",
    "Fall of demand growth when demand runs ahead of output by a log point.",
    bounds=(0.05, 1.5),
    basis=assumed("customers who wait turn elsewhere; orders against deliveries by industry would tell"),
)
largest_technology_share = parameter(
    lognormal(0.4, 0.1),
    "1",
    "Part of GDP the technology industries could come to at most.",
    bounds=(0.3, 0.6),
    basis=assumed("twice that of 2024; a third of GDP is all industry of a manufacturing economy", hindsight=2024),
)
least_room = parameter(
    0.1, "1", "Room there was in 2015 at least.", basis=by_definition("parameters at the ends of their bounds")
)
market_access_ceiling = parameter(
    lognormal(0.15, 0.3),
    "1",
    "Logarithm of demand that support of market access can add at most.",
    bounds=(0.05, 0.4),
    basis=assumed("support opens markets that exist; it does not grow them for ever"),
)
initial_demand_ratio = parameter(
    1.10,
    "1",
    "Demand over output at 2015.0.",
    basis=assumed("a tenth ahead; with initial_capacity_ratio it makes opening output what is meant"),
)


demand = stock("billion_yuan/year", "Demand for the output of an industry.", over=industry)
demand_trend = stock(
    "1/year",
    "Trend growth of demand, as an industry matures.",
    over=industry,
    initial="initial_demand_growth",
    signed=True,
)


@initial(demand)
def initial_demand(initial_output, initial_demand_ratio):
    """Demand ahead of output, by as much as makes output what is meant."""
    return initial_output * initial_demand_ratio


@flow("1/year^2", into=demand_trend, over=industry)
def demand_maturing(
    demand_trend,
    demand_growth_late,
    demand_maturing_time,
    projecting,
    long_run_demand_growth,
    demand_fade_time,
):
    """Trend growth matures; from 2026 on it fades to its long-run rate, and never rises to it."""
    return where(
        projecting,
        (minimum(long_run_demand_growth, demand_trend) - demand_trend) / demand_fade_time,
        (demand_growth_late - demand_trend) / demand_maturing_time,
    )


@auxiliary("1/year", over=industry)
def knowledge_effect_on_demand(demand_knowledge_elasticity, applied_knowledge_growth, initial_applied_knowledge_growth):
    """Growth of demand through knowledge growing faster than at the start."""
    return demand_knowledge_elasticity * (applied_knowledge_growth - initial_applied_knowledge_growth)


@auxiliary("1/year", over=industry)
def entry_effect_on_demand(
    firms_by_revenue,
    firm_growth_averaging_time,
    initial_firm_growth,
    demand_firm_entry_elasticity,
):
    """Growth of demand through firms multiplying faster than at the start, by their revenue: more variety."""
    return demand_firm_entry_elasticity * (
        trend(firms_by_revenue, firm_growth_averaging_time, initial_firm_growth) - initial_firm_growth
    )


@auxiliary("1/year", over=industry)
def backlog_effect_on_demand(demand, industry_output, initial_demand_ratio, demand_backlog_effect):
    """Fall of demand growth when demand runs ahead of output by more than at the start."""
    return -demand_backlog_effect * log(maximum(safe_divide(demand, industry_output * initial_demand_ratio), 1))


@auxiliary("1/year")
def economy_growth(rest_of_output, gdp_deflator, economy_growth_averaging_time, initial_growth):
    """Growth at current prices of the economy that the technology industries serve: without their own."""
    return trend(rest_of_output * gdp_deflator, economy_growth_averaging_time, initial_growth)


@auxiliary("1/year")
def economy_effect_on_demand(projecting, demand_economy_elasticity, economy_growth, supposed_economy_growth):
    """Growth of demand through an economy that grows faster than supposed, from 2026 on; before, trends hold it."""
    return projecting * demand_economy_elasticity * (economy_growth - supposed_economy_growth)


market_access_gained = stock(
    "1", "Logarithm of demand that support of market access has added.", initial=0, signed=True
)


@flow("1/year", into=market_access_gained)
def market_access_opening(market_access_support, market_access_gained, market_access_ceiling):
    """Growth of demand by support of market access: less and less as markets are open."""
    return (
        market_access_support
        - maximum(market_access_support, -market_access_support) * market_access_gained / market_access_ceiling
    )


@auxiliary("1")
def market_room(technology_share_now, opening_technology_share, largest_technology_share, least_room):
    """Room for growth beyond the economy's own, relative to 2015; none when the largest part is reached."""
    return maximum(largest_technology_share - technology_share_now, 0) / maximum(
        largest_technology_share - opening_technology_share, least_room
    )


@auxiliary("1")
def technology_share_now(technology_value_added, gdp):
    """Part of the technology industries in GDP at the moment."""
    return technology_value_added / gdp


@auxiliary("1/year", over=industry)
def demand_growth(
    supposed_economy_growth,
    economy_effect_on_demand,
    market_room,
    demand_trend,
    knowledge_effect_on_demand,
    entry_effect_on_demand,
    backlog_effect_on_demand,
    market_access_growth,
    market_access_opening,
):
    """Growth of demand: with the economy, and beyond it as far as there is room."""
    return (
        supposed_economy_growth
        + economy_effect_on_demand
        + market_room
        * (
            demand_trend
            - supposed_economy_growth
            + knowledge_effect_on_demand
            + entry_effect_on_demand
            + backlog_effect_on_demand
            + market_access_growth
            + market_access_opening
        )
    )


@flow("billion_yuan/year^2", into=demand, over=industry)
def demand_increase(demand, demand_growth):
    """Demand added in a year."""
    return demand * demand_growth
