"""How do demand, capacity and output of the technology industries grow?

Demand grows on a trend that matures, faster when knowledge and firms grow faster than at the start, slower
the further it runs ahead of output (so that it cannot compound without limit). Capacity follows demand
through three stages of construction, as far as money allows. Output is the smaller of demand and capacity,
times the availability of inputs. Loops: R1 and R7 through demand, B12 saturation; R2 through money for
capacity.
"""

from pujiang.declare import (
    auxiliary,
    flow,
    initial,
    lever,
    logitnormal,
    lognormal,
    normal,
    parameter,
    stock,
    switch,
)
from pujiang.primitives import log, maximum, minimum, safe_divide, smooth_minimum, total, trend, where
from pujiang.sectors.dimensions import industry

market_access_support = lever(
    "1/year",
    "Growth that market access for new products adds to demand.",
    default=0.0,
    bounds=(-0.05, 0.05),
    source="staged enterprise support, Shanghai 2025",
)
knowledge_demand_switch = switch("0: demand does not answer to knowledge (cuts R1 at demand).")
entry_demand_switch = switch("0: demand does not answer to the entry of firms (cuts R7).")

# fmt: off
initial_output = parameter(
    {"ic": 88.0, "biomedicine": 375.0, "ai": 38.0, "other": 1340.0}, "billion_yuan/year",
    "Output at 2015.0, on the definitions of 2021-24.",
    bounds=(10.0, 2500.0), over=industry,
    prior={"ic": lognormal(88.0, 0.1), "biomedicine": lognormal(380.0, 0.12), "ai": lognormal(35.0, 0.25),
           "other": lognormal(1330.0, 0.12)},
    source="assumed: carried back from 250, 762 and 306 bn (2021) and from enterprise R&D at 3-4 % of "
    "revenue",
)
demand_growth_start = parameter(
    {"ic": 0.145, "biomedicine": 0.13, "ai": 0.53, "other": 0.113}, "1/year",
    "Trend growth of demand at 2015.0.",
    bounds=(-0.03, 0.8), over=industry,
    prior={"ic": normal(0.14, 0.03), "biomedicine": normal(0.12, 0.03), "ai": normal(0.45, 0.1),
           "other": normal(0.10, 0.03)},
    source="assumed: weak",
)
demand_growth_late = parameter(
    {"ic": 0.150, "biomedicine": 0.080, "ai": 0.13, "other": 0.070}, "1/year",
    "Trend growth of demand of a mature industry in the decade of 2015-25.",
    bounds=(-0.03, 0.25), over=industry,
    prior={"ic": normal(0.14, 0.03), "biomedicine": normal(0.065, 0.02), "ai": normal(0.11, 0.03),
           "other": normal(0.07, 0.02)},
    source="assumed: weak",
)
demand_maturing_time = parameter(
    5.0, "year", "Time in which the trend of an industry matures.",
    bounds=(1.5, 10.0), prior=lognormal(4.0, 0.3),
    source="assumed",
)
demand_fade_time = parameter(
    10.0, "year", "Time in which growth fades to its long-run rate after 2025.",
    bounds=(3.0, 30.0), prior=lognormal(10.0, 0.4),
    source="seen: regression to the mean, Pritchett and Summers 2014; speed assumed",
)
long_run_demand_growth = parameter(
    0.05, "1/year", "Growth of demand in the long run.",
    bounds=(0.02, 0.08), prior=normal(0.05, 0.01),
    source="assumed: about nominal growth of the economy",
)
demand_knowledge_elasticity = parameter(
    0.25, "1", "Growth of demand for a growth of applied knowledge above that of the start.",
    bounds=(0.0, 0.8), prior=normal(0.25, 0.12),
    source="assumed",
)
demand_firm_entry_elasticity = parameter(
    0.25, "1", "Growth of demand for a growth of established firms above that of the start.",
    bounds=(0.0, 0.7), prior=normal(0.25, 0.1),
    source="observed: revenue per firm fell as firms multiplied, 2017-22; size assumed",
)
opening_firm_growth = parameter(
    0.03, "1/year", "Growth of established firms at the start.",
    bounds=(-0.02, 0.1), prior=normal(0.03, 0.015),
    source="assumed: from births, maturing and closures of 2015",
)
firm_growth_averaging_time = parameter(
    1.0, "year", "Time over which new firms come to offer new products.",
    bounds=(0.5, 3.0), prior=lognormal(1.0, 0.3),
    source="assumed",
)
demand_backlog_effect = parameter(
    0.4, "1/year", "Fall of demand growth when demand runs ahead of output by a log point.",
    bounds=(0.05, 1.5), prior=lognormal(0.4, 0.35),
    source="assumed: customers who wait turn elsewhere",
)
opening_demand_ratio = parameter(
    1.10, "1", "Demand over output at 2015.0.",
    source="with opening_capacity_ratio it makes opening output what is meant",
)
opening_capacity_ratio = parameter(
    1.0817, "1", "Capacity over output at 2015.0.",
    source="solves (capacity^-8 + 1.10^-8)^(-1/8) = 1: the smooth minimum of both is the opening output",
)
output_sharpness = parameter(
    8.0, "1", "Sharpness of the smaller of capacity and demand.",
    source="assumed: form of the smooth minimum",
)
capacity_margin = parameter(
    0.985, "1", "Capacity firms want over demand.",
    bounds=(0.8, 1.2), prior=normal(0.985, 0.02),
    source="assumed: as at the start, 1.0817 / 1.10",
)
capacity_scrapping = parameter(
    0.06, "1/year", "Share of capacity scrapped in a year.",
    bounds=(0.02, 0.12), prior=normal(0.06, 0.015),
    source="recalled",
)
capacity_construction_time = parameter(
    1.6, "year", "Time to build capacity.",
    bounds=(0.8, 3.0), prior=lognormal(1.6, 0.2),
    source="recalled",
)
capacity_stages = parameter(
    3.0, "1", "Stages of construction.",
    source="structure: third-order delay, three explicit stocks",
)
capacity_adjustment_time = parameter(
    1.5, "year", "Time in which firms close a gap of capacity.",
    bounds=(0.7, 3.0), prior=lognormal(1.5, 0.2),
    source="assumed",
)
capital_output_ratio = parameter(
    0.8, "year", "Capital a yuan of capacity a year costs.",
    bounds=(0.4, 1.5), prior=lognormal(0.8, 0.2),
    source="recalled",
)
retained_revenue_share = parameter(
    0.11, "1", "Part of revenue that firms can put into capacity.",
    bounds=(0.04, 0.2), prior=logitnormal(0.11, 0.02),
    source="assumed",
)
listing_capacity_share = parameter(
    0.45, "1", "Part of listing money spent on capacity.",
    bounds=(0.2, 0.7), prior=logitnormal(0.45, 0.07),
    source="assumed",
)
bank_capacity_share = parameter(
    0.55, "1", "Part of wanted capacity that banks finance.",
    bounds=(0.2, 0.8), prior=logitnormal(0.55, 0.07),
    source="assumed",
)
capacity_money_sharpness = parameter(
    6.0, "1", "Sharpness of the smaller of wanted capacity and the money for it.",
    source="assumed: form of the smooth minimum",
)
leading_industry = parameter(
    {"ic": 1.0, "biomedicine": 1.0, "ai": 1.0, "other": 0.0}, "1", "1 for the three leading industries.",
    over=industry,
    source="definition of Shanghai's three leading industries",
)
# fmt: on

demand = stock(unit="billion_yuan/year", over=industry, doc="Demand for the output of an industry.")
demand_trend = stock(
    unit="1/year",
    over=industry,
    initial="demand_growth_start",
    signed=True,
    doc="Trend growth of demand, as an industry matures.",
)
capacity_started = stock(
    unit="billion_yuan/year",
    over=industry,
    conserved="capacity",
    doc="Capacity in its first third of construction.",
)
capacity_half_built = stock(
    unit="billion_yuan/year",
    over=industry,
    conserved="capacity",
    doc="Capacity in its second third of construction.",
)
capacity_nearly_built = stock(
    unit="billion_yuan/year",
    over=industry,
    conserved="capacity",
    doc="Capacity in its last third of construction.",
)
capacity = stock(
    unit="billion_yuan/year", over=industry, conserved="capacity", doc="Capacity of an industry."
)


@initial(demand)
def initial_demand(initial_output, opening_demand_ratio):
    """Demand ahead of output, by as much as makes output what is meant."""
    return initial_output * opening_demand_ratio


@initial(capacity)
def initial_capacity(initial_output, opening_capacity_ratio):
    """Capacity ahead of output, likewise."""
    return initial_output * opening_capacity_ratio


@auxiliary("year")
def construction_stage_time(capacity_construction_time, capacity_stages):
    """Time capacity spends in each stage of construction."""
    return capacity_construction_time / capacity_stages


@initial(capacity_nearly_built)
def initial_capacity_nearly_built(
    initial_output,
    opening_capacity_ratio,
    demand_growth_start,
    capacity_scrapping,
    construction_stage_time,
):
    """What must be completed to make up for scrapping and growth, times the time of a stage."""
    return (
        initial_output
        * opening_capacity_ratio
        * (demand_growth_start + capacity_scrapping)
        * construction_stage_time
    )


@initial(capacity_half_built)
def initial_capacity_half_built(capacity_nearly_built, demand_growth_start, construction_stage_time):
    """In growth, each stage holds more than the next."""
    return capacity_nearly_built * (1 + demand_growth_start * construction_stage_time)


@initial(capacity_started)
def initial_capacity_started(capacity_half_built, demand_growth_start, construction_stage_time):
    """In growth, each stage holds more than the next."""
    return capacity_half_built * (1 + demand_growth_start * construction_stage_time)


@auxiliary("billion_yuan/year", over=industry, annual="integral")
def industry_output(capacity, demand, output_sharpness, input_availability):
    """Output of an industry (gross, not value added): the smaller of capacity and demand."""
    return smooth_minimum(capacity, demand, output_sharpness) * input_availability


@auxiliary("billion_yuan/year", annual="integral")
def industry_revenue(industry_output):
    """Revenue of the technology industries."""
    return total(industry_output, industry)


@auxiliary("billion_yuan/year")
def opening_industry_revenue(initial_output):
    """Revenue of the technology industries at 2015.0."""
    return total(initial_output, industry)


@auxiliary("billion_yuan/year", annual="integral")
def three_industries_output(industry_output, leading_industry):
    """Output of integrated circuits, biomedicine and artificial intelligence together."""
    return total(industry_output * leading_industry, industry)


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
def knowledge_effect_on_demand(
    demand_knowledge_elasticity,
    applied_knowledge_growth,
    opening_applied_knowledge_growth,
    knowledge_demand_switch,
):
    """Growth of demand through knowledge growing faster than at the start."""
    return (
        knowledge_demand_switch
        * demand_knowledge_elasticity
        * (applied_knowledge_growth - opening_applied_knowledge_growth)
    )


@auxiliary("1/year", over=industry)
def entry_effect_on_demand(
    established_firms,
    firm_growth_averaging_time,
    opening_firm_growth,
    demand_firm_entry_elasticity,
    entry_demand_switch,
):
    """Growth of demand through established firms multiplying faster than at the start: more variety."""
    return (
        entry_demand_switch
        * demand_firm_entry_elasticity
        * (trend(established_firms, firm_growth_averaging_time, opening_firm_growth) - opening_firm_growth)
    )


@auxiliary("1/year", over=industry)
def backlog_effect_on_demand(demand, industry_output, opening_demand_ratio, demand_backlog_effect):
    """Fall of demand growth when demand runs ahead of output by more than at the start."""
    return -demand_backlog_effect * log(
        maximum(safe_divide(demand, industry_output * opening_demand_ratio), 1)
    )


@auxiliary("1/year", over=industry)
def demand_growth(
    demand_trend,
    knowledge_effect_on_demand,
    entry_effect_on_demand,
    backlog_effect_on_demand,
    market_access_growth,
    market_access_support,
):
    """Growth of demand."""
    return (
        demand_trend
        + knowledge_effect_on_demand
        + entry_effect_on_demand
        + backlog_effect_on_demand
        + market_access_growth
        + market_access_support
    )


@flow("billion_yuan/year^2", into=demand, over=industry)
def demand_increase(demand, demand_growth):
    """Demand added in a year."""
    return demand * demand_growth


@auxiliary("billion_yuan/year", over=industry)
def capacity_under_construction(capacity_started, capacity_half_built, capacity_nearly_built):
    """Capacity started and not completed."""
    return capacity_started + capacity_half_built + capacity_nearly_built


@auxiliary("billion_yuan/year^2", over=industry)
def wanted_capacity_starts(
    capacity,
    demand,
    demand_growth,
    capacity_margin,
    capacity_scrapping,
    capacity_under_construction,
    capacity_construction_time,
    capacity_adjustment_time,
):
    """Starts that replace, grow with demand and close gaps of capacity and of its supply line."""
    return maximum(
        (capacity_scrapping + demand_growth) * capacity
        + (
            capacity_margin * demand
            - capacity
            + capacity_construction_time * (capacity_scrapping + demand_growth) * capacity
            - capacity_under_construction
        )
        / capacity_adjustment_time,
        0,
    )


@auxiliary("billion_yuan/year")
def wanted_capacity_investment(wanted_capacity_starts, capital_output_ratio):
    """Money all wanted starts cost."""
    return capital_output_ratio * total(wanted_capacity_starts, industry)


@auxiliary("billion_yuan/year")
def money_for_capacity(
    retained_revenue_share,
    industry_revenue,
    capacity_coinvestment,
    listing_capacity_share,
    listed_firm_spending,
    bank_capacity_share,
    wanted_capacity_investment,
    financial_center,
    financial_center_elasticity,
):
    """Money for capacity: own, of industrial funds, of listings, of banks."""
    return (
        retained_revenue_share * industry_revenue
        + capacity_coinvestment
        + listing_capacity_share * listed_firm_spending
        + bank_capacity_share * wanted_capacity_investment * financial_center**financial_center_elasticity
    )


@auxiliary("1")
def funded_capacity_share(wanted_capacity_investment, money_for_capacity, capacity_money_sharpness):
    """Share of wanted starts that can be paid."""
    return safe_divide(
        smooth_minimum(wanted_capacity_investment, money_for_capacity, capacity_money_sharpness),
        wanted_capacity_investment,
    )


@flow("billion_yuan/year^2", into=capacity_started, over=industry)
def capacity_starts(wanted_capacity_starts, funded_capacity_share, space_availability):
    """Capacity on which construction starts."""
    return wanted_capacity_starts * funded_capacity_share * space_availability


@flow("billion_yuan/year^2", out_of=capacity_started, into=capacity_half_built, over=industry)
def capacity_progress_first(capacity_started, construction_stage_time):
    """Capacity past its first third of construction."""
    return capacity_started / construction_stage_time


@flow("billion_yuan/year^2", out_of=capacity_half_built, into=capacity_nearly_built, over=industry)
def capacity_progress_second(capacity_half_built, construction_stage_time):
    """Capacity past its second third of construction."""
    return capacity_half_built / construction_stage_time


@flow("billion_yuan/year^2", out_of=capacity_nearly_built, into=capacity, over=industry)
def capacity_completions(capacity_nearly_built, construction_stage_time):
    """Capacity completed."""
    return capacity_nearly_built / construction_stage_time


@flow("billion_yuan/year^2", out_of=capacity, over=industry)
def capacity_scrapped(capacity, capacity_scrapping):
    """Capacity scrapped."""
    return capacity * capacity_scrapping
