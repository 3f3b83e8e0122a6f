"""How much capacity do the technology industries build?

Firms start what replaces scrapped capacity, keeps pace with demand and closes gaps, minding what is already
under construction, as far as money allows. Established firms pay from revenue and by banks; venture-backed
firms from what they raise (rounds, listings, industrial funds) and by what banks lend to them.
Capacity goes through three stages of construction (third order). Loop: R2 through the money of funds and
listings.
"""

from pujiang.basis import assumed, by_definition, derived, recalled
from pujiang.declare import auxiliary, flow, initial, parameter, stock
from pujiang.primitives import maximum, safe_divide, smooth_minimum, total
from pujiang.priors import logitnormal, lognormal, normal
from pujiang.shanghai.dimensions import industry

initial_capacity_ratio = parameter(
    1.0817,
    "1",
    "Capacity over output at 2015.0.",
    basis=derived("solves (capacity^-8 + 1.10^-8)^(-1/8) = 1: the smooth minimum of both is the opening output"),
)
capacity_margin = parameter(
    normal(0.985, 0.02),
    "1",
    "Capacity firms want over demand.",
    bounds=(0.8, 1.2),
    basis=assumed("as at the start, 1.0817 / 1.10"),
)
capacity_scrapping = parameter(
    normal(0.06, 0.015),
    "1/year",
    "Share of capacity scrapped in a year.",
    bounds=(0.02, 0.12),
    basis=recalled("as the wear of all capital, 5-9 % a year in the literature on China"),
)
capacity_construction_time = parameter(
    lognormal(1.6, 0.2),
    "year",
    "Time to build capacity.",
    bounds=(0.8, 3.0),
    basis=recalled("plants take one to two years to build"),
)
capacity_stages = parameter(
    3.0, "1", "Stages of construction.", basis=by_definition("third-order delay, three explicit stocks")
)
capacity_adjustment_time = parameter(
    lognormal(1.5, 0.2),
    "year",
    "Time in which firms close a gap of capacity.",
    bounds=(0.7, 3.0),
    basis=assumed("as budgets for research follow their goal; plans of investment by year would tell"),
)
capital_output_ratio = parameter(
    lognormal(0.8, 0.2),
    "year",
    "Capital a yuan of capacity a year costs.",
    bounds=(0.4, 1.5),
    basis=recalled("far below that of the whole economy: output here is sales, not value added"),
)
retained_revenue_share = parameter(
    logitnormal(0.11, 0.02),
    "1",
    "Part of revenue that established and listed firms can put into capacity.",
    bounds=(0.04, 0.2),
    basis=assumed("about a tenth of sales; firms' cash-flow statements would tell"),
)
listing_capacity_share = parameter(
    0.45,
    "1",
    "Part of listing money spent on capacity.",
    bounds=(0.2, 0.7),
    basis=assumed("under half, as research and staff are paid from it too; use of proceeds in prospectuses would tell"),
)
venture_capacity_share = parameter(
    logitnormal(0.35, 0.07),
    "1",
    "Part of venture money spent on capacity.",
    bounds=(0.1, 0.6),
    basis=assumed("beside research and running costs"),
)
bank_backed_share = parameter(
    logitnormal(0.3, 0.06),
    "1",
    "Part of the capacity that venture-backed firms want which banks finance.",
    bounds=(0.1, 0.6),
    basis=assumed("below that of established firms: little collateral, little profit"),
)
bank_capacity_share = parameter(
    0.55,
    "1",
    "Part of the capacity that established firms want which banks finance.",
    bounds=(0.2, 0.8),
    basis=assumed("about half; loans to industry by use would tell"),
)
capacity_money_sharpness = parameter(
    6.0,
    "1",
    "Sharpness of the smaller of wanted capacity and the money for it.",
    basis=assumed("form of the smooth minimum"),
)


capacity_started = stock(
    "billion_yuan/year", "Capacity in its first third of construction.", over=industry, conserved="capacity"
)
capacity_half_built = stock(
    "billion_yuan/year", "Capacity in its second third of construction.", over=industry, conserved="capacity"
)
capacity_nearly_built = stock(
    "billion_yuan/year", "Capacity in its last third of construction.", over=industry, conserved="capacity"
)
capacity = stock("billion_yuan/year", "Capacity of an industry.", over=industry, conserved="capacity")


@initial(capacity)
def initial_capacity(initial_output, initial_capacity_ratio):
    """Capacity ahead of output, likewise."""
    return initial_output * initial_capacity_ratio


@auxiliary("year")
def construction_stage_time(capacity_construction_time, capacity_stages):
    """Time capacity spends in each stage of construction."""
    return capacity_construction_time / capacity_stages


@initial(capacity_nearly_built)
def initial_capacity_nearly_built(
    initial_output,
    initial_capacity_ratio,
    initial_demand_growth,
    capacity_scrapping,
    construction_stage_time,
):
    """What must be completed to make up for scrapping and growth, times the time of a stage."""
    return (
        initial_output * initial_capacity_ratio * (initial_demand_growth + capacity_scrapping) * construction_stage_time
    )


@initial(capacity_half_built)
def initial_capacity_half_built(capacity_nearly_built, initial_demand_growth, construction_stage_time):
    """In growth, each stage holds more than the next."""
    return capacity_nearly_built * (1 + initial_demand_growth * construction_stage_time)


@initial(capacity_started)
def initial_capacity_started(capacity_half_built, initial_demand_growth, construction_stage_time):
    """In growth, each stage holds more than the next."""
    return capacity_half_built * (1 + initial_demand_growth * construction_stage_time)


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
def wanted_backed_investment(wanted_capacity_starts, backed_revenue_share, capital_output_ratio):
    """Money that the starts venture-backed firms want cost."""
    return capital_output_ratio * total(wanted_capacity_starts * backed_revenue_share, industry)


@auxiliary("billion_yuan/year")
def money_of_established_firms(
    retained_revenue_share,
    industry_revenue,
    backed_firm_revenue,
    bank_capacity_share,
    wanted_capacity_investment,
    wanted_backed_investment,
    financial_center,
    financial_center_elasticity,
):
    """Money of established firms for capacity: their own and of banks."""
    return (
        retained_revenue_share * (industry_revenue - backed_firm_revenue)
        + bank_capacity_share
        * (wanted_capacity_investment - wanted_backed_investment)
        * financial_center**financial_center_elasticity
    )


@auxiliary("billion_yuan/year")
def money_of_backed_firms(
    venture_capacity_share,
    venture_spending,
    listing_capacity_share,
    listed_firm_spending,
    capacity_coinvestment,
    bank_backed_share,
    wanted_backed_investment,
):
    """Money of venture-backed firms for capacity: of rounds, listings, industrial funds and banks."""
    return (
        venture_capacity_share * venture_spending
        + listing_capacity_share * listed_firm_spending
        + capacity_coinvestment
        + bank_backed_share * wanted_backed_investment
    )


@auxiliary("billion_yuan/year")
def money_for_capacity(money_of_established_firms, money_of_backed_firms):
    """Money for capacity."""
    return money_of_established_firms + money_of_backed_firms


@auxiliary("1")
def funded_established_share(
    wanted_capacity_investment, wanted_backed_investment, money_of_established_firms, capacity_money_sharpness
):
    """Share of the starts established firms want that can be paid."""
    return safe_divide(
        smooth_minimum(
            wanted_capacity_investment - wanted_backed_investment, money_of_established_firms, capacity_money_sharpness
        ),
        wanted_capacity_investment - wanted_backed_investment,
    )


@auxiliary("1")
def funded_backed_share(wanted_backed_investment, money_of_backed_firms, capacity_money_sharpness):
    """Share of the starts venture-backed firms want that can be paid."""
    return safe_divide(
        smooth_minimum(wanted_backed_investment, money_of_backed_firms, capacity_money_sharpness),
        wanted_backed_investment,
    )


@auxiliary("1", over=industry)
def funded_capacity_share(funded_established_share, funded_backed_share, backed_revenue_share):
    """Share of wanted starts that can be paid."""
    return (1 - backed_revenue_share) * funded_established_share + backed_revenue_share * funded_backed_share


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
