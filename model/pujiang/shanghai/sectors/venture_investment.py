"""How much is invested in ventures, and does the money meet their needs?

Supply is the money funds seek to deploy, need what the firms of a stage ask for at reference prices.
Coverage, the funded share of needs, moves firms up the chain. Money beyond needs enlarges rounds, it does
not find more firms (B6: money chasing deals); so does a high valuation, which changes round sizes and
nothing else.
"""

from pujiang.basis import assumed, observed, recalled, seen
from pujiang.declare import auxiliary, flow, parameter
from pujiang.primitives import maximum, safe_divide, smooth, smooth_minimum
from pujiang.priors import logitnormal, lognormal, normal
from pujiang.reported import reported

seed_round_size = parameter(
    lognormal(0.006, 0.25),
    "billion_yuan/firm",
    "Money of a seed round.",
    bounds=(0.002, 0.02),
    basis=recalled("5-10 m yuan; deals by round in the city would tell"),
)
seed_candidate_rate = parameter(
    lognormal(0.25, 0.3),
    "1/year",
    "Share of startups a seed fund could buy into in a year.",
    bounds=(0.05, 0.8),
    basis=assumed("candidates that pitch, unmeasured"),
)
venture_need = parameter(
    lognormal(0.022, 0.25),
    "billion_yuan/firm/year",
    "Money a venture-stage firm asks for in a year.",
    bounds=(0.008, 0.06),
    basis=observed(
        "39.5 m yuan a deal in 2017 (31.0 bn, 785 deals), a round every one to two years; venture capital only"
    ),
)
growth_need = parameter(
    lognormal(0.06, 0.3),
    "billion_yuan/firm/year",
    "Money a growth-stage firm asks venture investors for in a year.",
    bounds=(0.02, 0.2),
    basis=assumed("venture part of the 0.8-0.9 bn yuan of VC and PE a listed firm has raised"),
)
unicorn_need = parameter(
    lognormal(0.15, 0.3),
    "billion_yuan/firm/year",
    "Money a unicorn asks venture investors for in a year.",
    bounds=(0.04, 0.6),
    basis=assumed("more than twice a growth-stage firm's; rounds of unicorns by kind of investor would tell"),
)
growth_share_of_industrial_fund = parameter(
    logitnormal(0.65, 0.08),
    "1",
    "Part of industrial funds that goes to growth rounds; the rest co-invests in capacity.",
    bounds=(0.3, 0.9),
    basis=assumed("most of it, as such funds buy into firms first; their holdings by use would tell"),
)
funding_sharpness = parameter(
    4.0,
    "1",
    "Sharpness of the smaller of money and needs.",
    basis=assumed("money and firms do not always find each other; form of the smooth minimum"),
)
round_size_elasticity = parameter(
    normal(0.5, 0.15),
    "1",
    "Response of round size to money beyond needs.",
    bounds=(0.0, 0.95),
    basis=assumed("size; seen: money chasing deals, Gompers and Lerner 2000"),
)
round_valuation_elasticity = parameter(
    normal(0.5, 0.2),
    "1",
    "Response of round size to the valuation of boards.",
    bounds=(0.0, 1.2),
    basis=seen("rounds follow public valuations, Gompers and Lerner 2000"),
)
initial_venture_spending = parameter(
    lognormal(26.0, 0.2),
    "billion_yuan/year",
    "Money ventures spent out of investment at 2015.0.",
    bounds=(12.0, 55.0),
    basis=assumed("below the 31 bn invested in 2017; venture investment of 2014 would tell"),
)
venture_spending_time = parameter(
    1.0,
    "year",
    "Time in which ventures spend what they raise.",
    bounds=(0.4, 2.5),
    basis=recalled("a round lasts 12-18 months"),
)


@auxiliary("firm/year")
def seed_deals(seed_fund, deployment_rate, seed_round_size, all_startups, seed_candidate_rate, funding_sharpness):
    """Startups that get seed money: as the funds can pay and as candidates offer."""
    return smooth_minimum(
        seed_fund * deployment_rate / seed_round_size, all_startups * seed_candidate_rate, funding_sharpness
    )


@flow("billion_yuan/year", out_of="seed_fund")
def seed_investment(seed_deals, seed_round_size):
    """Money invested in seed rounds."""
    return seed_deals * seed_round_size


@auxiliary("billion_yuan/year")
def venture_supply(venture_fund, deployment_rate):
    """Money venture funds seek to invest."""
    return venture_fund * deployment_rate


@auxiliary("billion_yuan/year")
def venture_stage_need(
    venture_stage_firms,
    venture_need,
    reform_spinouts,
    institution_spinouts,
    funding_per_spinout,
    seed_round_size,
):
    """Money venture-stage firms ask for at reference prices, with first rounds of spin-outs of science."""
    return venture_stage_firms * venture_need + (reform_spinouts + institution_spinouts) * maximum(
        funding_per_spinout - seed_round_size, 0
    )


@auxiliary("billion_yuan/year")
def growth_supply(industrial_fund, deployment_rate, growth_share_of_industrial_fund):
    """Money industrial funds seek to invest in growth rounds."""
    return industrial_fund * deployment_rate * growth_share_of_industrial_fund


@auxiliary("billion_yuan/year")
def growth_stage_need(growth_stage_firms, growth_need, unicorns, unicorn_need):
    """Money growth-stage firms and unicorns ask for at reference prices."""
    return growth_stage_firms * growth_need + unicorns * unicorn_need


@auxiliary("1")
def venture_coverage(venture_supply, venture_stage_need, funding_sharpness):
    """Funded share of the needs of the venture stage; no supply, no coverage."""
    return safe_divide(smooth_minimum(venture_supply, venture_stage_need, funding_sharpness), venture_stage_need)


@auxiliary("1")
def growth_coverage(growth_supply, growth_stage_need, funding_sharpness):
    """Funded share of the needs of the growth stage; no supply, no coverage."""
    return safe_divide(smooth_minimum(growth_supply, growth_stage_need, funding_sharpness), growth_stage_need)


@auxiliary("1")
def venture_round_inflation(venture_supply, venture_stage_need, round_size_elasticity):
    """Factor by which money beyond needs enlarges venture rounds."""
    return maximum(safe_divide(venture_supply, venture_stage_need), 1) ** round_size_elasticity


@auxiliary("1")
def growth_round_inflation(growth_supply, growth_stage_need, round_size_elasticity):
    """Factor by which money beyond needs enlarges growth rounds."""
    return maximum(safe_divide(growth_supply, growth_stage_need), 1) ** round_size_elasticity


@auxiliary("1")
def valuation_effect_on_rounds(board_valuation_now, round_valuation_elasticity):
    """Factor of the valuation of boards on round sizes."""
    return board_valuation_now**round_valuation_elasticity


@flow("billion_yuan/year", out_of="venture_fund")
def venture_stage_investment(
    venture_supply, venture_stage_need, venture_round_inflation, valuation_effect_on_rounds, funding_sharpness
):
    """Money invested in venture rounds: the smaller of supply and needs at the round sizes of the day."""
    return smooth_minimum(
        venture_supply,
        venture_stage_need * venture_round_inflation * valuation_effect_on_rounds,
        funding_sharpness,
    )


@flow("billion_yuan/year", out_of="industrial_fund")
def growth_stage_investment(
    growth_supply, growth_stage_need, growth_round_inflation, valuation_effect_on_rounds, funding_sharpness
):
    """Money invested in growth rounds: the smaller of supply and needs at the round sizes of the day."""
    return smooth_minimum(
        growth_supply,
        growth_stage_need * growth_round_inflation * valuation_effect_on_rounds,
        funding_sharpness,
    )


@flow("billion_yuan/year", out_of="industrial_fund")
def capacity_coinvestment(industrial_fund, deployment_rate, growth_share_of_industrial_fund):
    """Money of industrial funds that co-invests in the capacity of industry."""
    return industrial_fund * deployment_rate * (1 - growth_share_of_industrial_fund)


@auxiliary("billion_yuan/year", reported=reported("integral", "Venture investment", decimals=1, better="more"))
def venture_investment(seed_investment, venture_stage_investment, growth_stage_investment):
    """Venture capital invested in seed, venture and growth rounds (no buy-outs, no other equity)."""
    return seed_investment + venture_stage_investment + growth_stage_investment


@auxiliary("billion_yuan/year")
def venture_spending(venture_investment, venture_spending_time, initial_venture_spending):
    """What ventures spend of the money invested in them."""
    return smooth(venture_investment, venture_spending_time, initial_venture_spending)


@auxiliary("billion_yuan/firm")
def venture_money_per_firm(venture_stage_investment, venture_advances):
    """Venture money invested per firm that advances: what money chasing deals drives up."""
    return safe_divide(venture_stage_investment, venture_advances)
