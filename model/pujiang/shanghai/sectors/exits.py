"""What do investors hold, what do exits pay, and what yield do they come to expect?

Holdings are kept at cost. Each stage weighs what a firm of it has cost investors, so an exit takes out, and
pays on, the holding of its stage: an early firm sold returns little, a listing much. Proceeds over holdings
are the exit yield; perceived with a delay, it drives commitments and deployment (R2) and the share that goes
early (R3). What a stake is worth is set by the market, not by what it has cost: money beyond needs raises the
cost of stakes and lowers their yield (B7). Distributions are money: private investors commit part of them again,
the state's part goes back to its parent fund, the rest leaves. Without exits, or at no valuation, the yield is
zero: nothing props it up.
"""

from pujiang.basis import assumed, observed, recalled
from pujiang.declare import auxiliary, flow, initial, parameter, stock
from pujiang.primitives import minimum, safe_divide, smooth
from pujiang.priors import lognormal, normal
from pujiang.reported import reported

seed_holding_weight = parameter(
    lognormal(0.02, 0.3),
    "1",
    "Cost of the stake in a seed venture, in units of a full stake.",
    bounds=(0.005, 0.06),
    basis=assumed("cumulative rounds, 6 m of some 300 m yuan"),
)
venture_holding_weight = parameter(
    lognormal(0.15, 0.25),
    "1",
    "Cost of the stake in a venture-stage firm.",
    bounds=(0.05, 0.4),
    basis=assumed("cumulative rounds"),
)
growth_holding_weight = parameter(
    lognormal(0.7, 0.15),
    "1",
    "Cost of the stake in a growth-stage firm.",
    bounds=(0.3, 1.2),
    basis=assumed("cumulative rounds"),
)
queue_holding_weight = parameter(
    lognormal(0.9, 0.1),
    "1",
    "Cost of the stake in a firm waiting to list.",
    bounds=(0.5, 1.5),
    basis=assumed("cumulative rounds, 0.8-0.9 bn yuan of VC and PE a listed firm"),
)
unicorn_holding_weight = parameter(
    lognormal(2.0, 0.2), "1", "Cost of the stake in a unicorn.", bounds=(1.0, 4.0), basis=assumed("cumulative rounds")
)
ipo_multiple = parameter(
    lognormal(2.8, 0.2),
    "1",
    "Value of a stake at a STAR listing over its cost, at the valuation of the decade.",
    bounds=(1.2, 6.0),
    basis=recalled("three to four times book"),
)
other_board_multiple_ratio = parameter(
    lognormal(0.8, 0.12),
    "1",
    "Multiple of a listing on another board over that of a STAR listing.",
    bounds=(0.4, 1.2),
    basis=assumed("a little below that of the STAR board; prices at listing against rounds would tell"),
)
acquisition_multiple = parameter(
    lognormal(1.2, 0.2),
    "1",
    "Price of a stake in an acquisition over its cost.",
    bounds=(0.6, 2.5),
    basis=assumed("little above cost; prices of acquisitions against rounds would tell"),
)
secondary_multiple = parameter(
    lognormal(0.5, 0.25),
    "1",
    "Price of a stake bought back over its cost.",
    bounds=(0.2, 1.2),
    basis=assumed("distressed sales"),
)
holding_years = parameter(
    lognormal(3.3, 0.15),
    "year",
    "Years of investment held at cost at 2015.0.",
    bounds=(1.5, 6.0),
    basis=assumed("1 / (growth 0.11 + exits and losses 0.2 a year); holdings at cost in funds' reports would tell"),
)
exit_perception_time = parameter(
    lognormal(0.7, 0.3),
    "year",
    "Time in which investors come to believe in a new exit yield.",
    bounds=(0.25, 3.0),
    basis=observed("money of 2022 fell within the year of fewer and cheaper listings", hindsight=2022),
)
opening_state_commitment_share = parameter(
    0.1,
    "1",
    "Part of the state in commitments before 2015.",
    basis=assumed("state parent funds of some 15 bn were new"),
)
exit_commitment_elasticity = parameter(
    normal(0.85, 0.25),
    "1",
    "Response of private commitments to the perceived exit yield.",
    bounds=(0.1, 1.8),
    basis=recalled(
        "national venture money of 2024 was 0.45 of 2021; yearly commitments to funds of the city would tell",
        hindsight=2024,
    ),
)
investor_appetite_limit = parameter(
    lognormal(2.5, 0.15),
    "1",
    "Largest appetite of investors relative to 2015.",
    bounds=(1.5, 4.0),
    basis=assumed("investors have other uses for their money"),
)

unrealised_holdings = stock("billion_yuan", "Stakes of investors in ventures not sold, at cost.", conserved="holdings")
reference_exit_yield = stock(
    "1/year", "The model's own exit yield at 2015.0, to which yields are compared.", initial="exit_yield"
)
opening_full_stake_at_cost = stock(
    "billion_yuan/firm",
    "Cost of a stake of weight one at 2015.0, by which the market's values are measured.",
    initial="full_stake_at_cost",
)


@initial(unrealised_holdings)
def initial_unrealised_holdings(initial_venture_spending, holding_years):
    """Some years of the investment of 2015."""
    return initial_venture_spending * holding_years


@auxiliary("firm")
def stake_weighted_firms(
    seed_ventures,
    venture_stage_firms,
    growth_stage_firms,
    listing_queue,
    unicorns,
    seed_holding_weight,
    venture_holding_weight,
    growth_holding_weight,
    queue_holding_weight,
    unicorn_holding_weight,
):
    """Ventures counted by the stake investors have in each."""
    return (
        seed_holding_weight * seed_ventures
        + venture_holding_weight * venture_stage_firms
        + growth_holding_weight * growth_stage_firms
        + queue_holding_weight * listing_queue
        + unicorn_holding_weight * unicorns
    )


@auxiliary("billion_yuan/firm")
def full_stake_at_cost(unrealised_holdings, stake_weighted_firms):
    """Cost of a stake of weight one."""
    return safe_divide(unrealised_holdings, stake_weighted_firms)


@auxiliary("firm/year")
def weighted_star_exits(
    star_listings_from_queue, star_listings_of_unicorns, queue_holding_weight, unicorn_holding_weight
):
    """STAR listings, by the stake in each."""
    return queue_holding_weight * star_listings_from_queue + unicorn_holding_weight * star_listings_of_unicorns


@auxiliary("firm/year")
def weighted_other_exits(
    other_listings_from_queue, other_listings_of_unicorns, queue_holding_weight, unicorn_holding_weight
):
    """Listings on other boards, by the stake in each."""
    return queue_holding_weight * other_listings_from_queue + unicorn_holding_weight * other_listings_of_unicorns


@auxiliary("firm/year")
def weighted_acquisitions(venture_acquisitions, growth_acquisitions, venture_holding_weight, growth_holding_weight):
    """Acquisitions, by the stake in each."""
    return venture_holding_weight * venture_acquisitions + growth_holding_weight * growth_acquisitions


@auxiliary("firm/year")
def weighted_secondary_exits(secondary_exits, growth_holding_weight):
    """Stakes bought back, by weight."""
    return growth_holding_weight * secondary_exits


@auxiliary("firm/year")
def weighted_losses(
    seed_failures,
    seed_survivors_leaving,
    venture_dropouts,
    growth_failures,
    seed_holding_weight,
    venture_holding_weight,
    growth_holding_weight,
):
    """Ventures that die or drop out without paying investors back, by the stake in each."""
    return (
        seed_holding_weight * (seed_failures + seed_survivors_leaving)
        + venture_holding_weight * venture_dropouts
        + growth_holding_weight * growth_failures
    )


@auxiliary("firm/year")
def exit_value(
    board_valuation_now,
    ipo_multiple,
    weighted_star_exits,
    other_board_multiple_ratio,
    weighted_other_exits,
    acquisition_multiple,
    weighted_acquisitions,
    secondary_multiple,
    weighted_secondary_exits,
):
    """What exits pay in units of the cost of a full stake: each its stake times the multiple of its kind."""
    return board_valuation_now * (
        ipo_multiple * (weighted_star_exits + other_board_multiple_ratio * weighted_other_exits)
        + acquisition_multiple * weighted_acquisitions
        + secondary_multiple * weighted_secondary_exits
    )


@auxiliary("billion_yuan/year")
def exit_proceeds(opening_full_stake_at_cost, exit_value):
    """What exits pay investors: the market's price of a stake, whatever it has cost."""
    return opening_full_stake_at_cost * exit_value


@auxiliary(
    "billion_yuan/year",
    reported=reported("integral", "Distributions of exits", short="Distributions", decimals=1, better="more"),
)
def venture_distributions(exit_proceeds):
    """What exits pay investors."""
    return exit_proceeds


@auxiliary("1")
def state_share_of_holdings(state_commitments, opening_state_commitment_share, private_commitments, holding_years):
    """Part of the state in what investors hold: its part in commitments of the years before."""
    return smooth(
        safe_divide(state_commitments, state_commitments + private_commitments),
        holding_years,
        opening_state_commitment_share,
    )


@auxiliary("billion_yuan/year")
def private_distributions(venture_distributions, state_share_of_holdings):
    """What exits pay private investors."""
    return venture_distributions * (1 - state_share_of_holdings)


@flow("billion_yuan/year", into="new_state_fund_money")
def state_distributions(venture_distributions, state_share_of_holdings):
    """What exits pay the state: it goes back to the parent funds and is committed anew."""
    return venture_distributions * state_share_of_holdings


@auxiliary(
    "billion_yuan/year",
    reported=reported(
        "integral", "Distributions that leave the venture system", short="Distributions leaving", decimals=1
    ),
)
def distributions_leaving(private_distributions, distributions_kept, founder_seed_money):
    """Distributions that leave the venture system."""
    return private_distributions - distributions_kept - founder_seed_money


@flow("billion_yuan/year", into=unrealised_holdings)
def investment_at_cost(venture_investment):
    """New stakes, at cost."""
    return venture_investment


@flow("billion_yuan/year", out_of=unrealised_holdings)
def cost_of_exits(
    full_stake_at_cost,
    weighted_star_exits,
    weighted_other_exits,
    weighted_acquisitions,
    weighted_secondary_exits,
):
    """Stakes sold, at cost."""
    return full_stake_at_cost * (
        weighted_star_exits + weighted_other_exits + weighted_acquisitions + weighted_secondary_exits
    )


@flow("billion_yuan/year", out_of=unrealised_holdings)
def write_offs(full_stake_at_cost, weighted_losses):
    """Stakes lost, at cost."""
    return full_stake_at_cost * weighted_losses


@auxiliary("1/year")
def exit_yield(exit_proceeds, unrealised_holdings):
    """Proceeds of exits over holdings at cost."""
    return safe_divide(exit_proceeds, unrealised_holdings)


@auxiliary("1/year")
def perceived_exit_yield(exit_yield, exit_perception_time):
    """The exit yield investors count on."""
    return smooth(exit_yield, exit_perception_time)


@auxiliary("1")
def relative_exit_yield(perceived_exit_yield, reference_exit_yield):
    """The exit yield investors count on, relative to 2015."""
    return safe_divide(perceived_exit_yield, reference_exit_yield)


@auxiliary("1")
def investor_appetite(relative_exit_yield, exit_commitment_elasticity, investor_appetite_limit):
    """Willingness of private investors to commit money, relative to 2015; 0 when exits pay nothing."""
    return minimum(relative_exit_yield**exit_commitment_elasticity, investor_appetite_limit)
