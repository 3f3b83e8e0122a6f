"""Who commits private money to ventures, and which funds hold it?

Private investors commit new money in proportion to the economy and to their appetite for exits, and along with
the state; and they commit again what exits have paid them. Open exits tilt their money to early stages. Seed,
venture and industrial funds hold all commitments until they are deployed, the faster the better exits pay; when
exits pay worse, managers wait and investors take back money not called. Fund money is conserved. Loops: R2, R3.
"""

from pujiang.basis import assumed, observed, recalled, seen
from pujiang.declare import auxiliary, flow, lever, parameter, series, stock
from pujiang.primitives import exp, maximum, minimum
from pujiang.priors import logitnormal, lognormal, normal
from pujiang.reported import reported

foreign_capital_index = series("1", "Foreign money committed to Shanghai's ventures relative to 2015-20.")
foreign_capital = lever(
    "1",
    "Foreign money committed to Shanghai's ventures relative to 2015-20.",
    default=0.3,
    label="Foreign venture money",
    bounds=(0.0, 1.5),
    history="foreign_capital_index",
    why="Foreign investors are part of new private commitments; their money passes through the funds within two "
    "years and raises coverage of later rounds.",
    shown_at=1.0,
    basis=assumed("the level of 2024 stays; how much would come back is open"),
)
private_capital = lever(
    "1",
    "Private money for ventures over what the economy and exits call for (0: none comes).",
    default=1.0,
    label="Private venture money",
    bounds=(0.0, 2.0),
    why="Private money carries most rounds: without it fewer firms are born, ventures fail to advance, and years "
    "later industry lacks the products and the capacity they would have brought (R2).",
    shown_at=0.0,
    basis=assumed("1 by definition; 0 is an extreme"),
)

private_commitment_base = parameter(
    lognormal(28.0, 0.3),
    "billion_yuan/year",
    "New private commitments at the economy and the exits of 2015.",
    bounds=(8.0, 90.0),
    basis=observed(
        "venture capital invested 31 bn yuan in 2017, part of it money of earlier exits; yearly commitments would tell"
    ),
)
foreign_capital_share = parameter(
    logitnormal(0.45, 0.07),
    "1",
    "Part of foreign money in private commitments at 2015.0.",
    bounds=(0.15, 0.7),
    basis=recalled("dollar funds led rounds until 2021"),
)
financial_center_elasticity = parameter(
    normal(0.3, 0.1),
    "1",
    "Response of private commitments to the financial center.",
    bounds=(0.0, 1.0),
    basis=assumed("well below proportion; commitments compared across financial centers would tell"),
)
state_crowding_in = parameter(
    normal(0.35, 0.2),
    "1",
    "Private money that comes along with a yuan of state commitments, at the exits of 2015.",
    bounds=(-0.3, 1.0),
    basis=seen("multiplier 0.88-0.93, lower in developed regions"),
)
private_seed_share = parameter(
    lognormal(0.10, 0.2),
    "1",
    "Part of private commitments for seed funds at the exits of 2015.",
    bounds=(0.03, 0.25),
    basis=assumed("a small part; commitments by kind of fund would tell"),
)
early_tilt_elasticity = parameter(
    normal(0.2, 0.08),
    "1",
    "Response of the private seed share to the perceived exit yield.",
    bounds=(0.0, 0.6),
    basis=seen("the STAR board moved venture money to earlier stages, Bi, Kou and Zhou 2024"),
)
private_venture_share = parameter(
    logitnormal(0.5, 0.06),
    "1",
    "Part of private money beyond seed that goes to venture funds; industrial funds get the rest.",
    bounds=(0.2, 0.8),
    basis=assumed("an even split, for want of a figure; commitments by kind of fund would tell"),
)
fund_deployment_time = parameter(
    lognormal(1.4, 0.25),
    "year",
    "Time in which funds invest what is committed, at the exits of 2015.",
    bounds=(0.8, 5.0),
    basis=recalled("investment periods of three to four years, half of the money in the first year"),
)
deployment_exit_elasticity = parameter(
    normal(0.5, 0.2),
    "1",
    "Response of deployment to the perceived exit yield.",
    bounds=(0.0, 1.2),
    basis=assumed("managers hold dry powder when exits are shut"),
)
deployment_pace_limit = parameter(
    lognormal(1.8, 0.12),
    "1",
    "Fastest deployment relative to 2015.",
    bounds=(1.2, 3.0),
    basis=assumed("finding and closing deals takes time"),
)
redemption_rate = parameter(
    lognormal(0.25, 0.4),
    "1/year",
    "Part of money not called that investors take back in a year when deployment stands still.",
    bounds=(0.0, 0.8),
    basis=assumed("funds of 2015-17 reached their term in 2022-24, commitments were cut", hindsight=2024),
)
recycling_share = parameter(
    logitnormal(0.5, 0.08),
    "1",
    "Part of what exits pay private investors that they commit again.",
    bounds=(0.2, 0.8),
    basis=assumed("half, as limited partners of mature markets; recommitments by partner would tell"),
)
recycling_time = parameter(
    lognormal(2.5, 0.2),
    "year",
    "Time in which investors commit again what exits have paid.",
    bounds=(1.0, 5.0),
    basis=assumed("two to three years to the next fund"),
)
founder_seed_share = parameter(
    lognormal(0.04, 0.35),
    "1",
    "Part of what exits pay private investors that founders and angels put into seed.",
    bounds=(0.01, 0.12),
    basis=assumed("a few rich founders reinvest; angels' deals by source of money would tell"),
)
initial_seed_fund = parameter(
    lognormal(8.0, 0.25),
    "billion_yuan",
    "Money in seed funds at 2015.0.",
    bounds=(3.0, 25.0),
    start=9.0,
    basis=assumed("2.5 years of seed rounds"),
)
initial_venture_fund = parameter(
    lognormal(45.0, 0.25),
    "billion_yuan",
    "Money in venture funds at 2015.0.",
    bounds=(18.0, 100.0),
    basis=assumed("some two years of rounds, as seed funds; uninvested money at the end of 2014 would tell"),
)
initial_industrial_fund = parameter(
    40.0,
    "billion_yuan",
    "Money in industrial funds at 2015.0.",
    bounds=(15.0, 100.0),
    basis=assumed("some two years of rounds, as seed funds; uninvested money at the end of 2014 would tell"),
)


seed_fund = stock("billion_yuan", "Money in seed funds.", initial="initial_seed_fund", conserved="fund_money")
venture_fund = stock("billion_yuan", "Money in venture funds.", initial="initial_venture_fund", conserved="fund_money")
industrial_fund = stock(
    "billion_yuan",
    "Money in industrial funds (growth rounds and capacity).",
    initial="initial_industrial_fund",
    conserved="fund_money",
)


@auxiliary("1")
def foreign_money_effect(foreign_capital_share, foreign_capital, foreign_capital_access, foreign_money_ahead):
    """Factor of the retreat of foreign money on new private commitments."""
    return (
        1
        - foreign_capital_share
        + foreign_capital_share * foreign_capital * foreign_capital_access * exp(foreign_money_ahead)
    )


@auxiliary("billion_yuan/year")
def new_private_commitments(
    private_commitment_base,
    gdp,
    initial_gdp,
    foreign_money_effect,
    financial_center,
    financial_center_elasticity,
    state_crowding_in,
    state_commitments,
    investor_appetite,
    private_capital,
):
    """New private money: none without appetite for exits, none below zero by crowding out."""
    return (
        private_capital
        * investor_appetite
        * maximum(
            private_commitment_base
            * (gdp / initial_gdp)
            * foreign_money_effect
            * financial_center**financial_center_elasticity
            + state_crowding_in * state_commitments,
            0,
        )
    )


distributions_to_recommit = stock(
    "billion_yuan",
    "Money exits have paid private investors that they mean to commit again.",
    initial="opening_distributions_to_recommit",
    conserved="fund_money",
)


@auxiliary("billion_yuan")
def opening_distributions_to_recommit(recycling_share, private_distributions, recycling_time):
    """What the exits of 2015 sustain."""
    return recycling_share * private_distributions * recycling_time


@flow("billion_yuan/year", into=distributions_to_recommit)
def distributions_kept(private_distributions, recycling_share):
    """Part of distributions that private investors set aside to commit again."""
    return recycling_share * private_distributions


@flow("billion_yuan/year", into=seed_fund)
def founder_seed_money(private_distributions, founder_seed_share):
    """Part of distributions that founders and angels put into seed."""
    return founder_seed_share * private_distributions


@flow("billion_yuan/year", out_of=distributions_to_recommit)
def recommitments(distributions_to_recommit, recycling_time, private_capital):
    """Money of earlier exits that private investors commit again."""
    return distributions_to_recommit / recycling_time * minimum(private_capital, 1)


@auxiliary(
    "billion_yuan/year",
    reported=reported("integral", "Private commitments to ventures", short="Private commitments", decimals=1),
)
def private_commitments(new_private_commitments, recommitments):
    """Money private investors commit: new and of earlier exits."""
    return new_private_commitments + recommitments


@auxiliary("1")
def private_early_share(private_seed_share, relative_exit_yield, early_tilt_elasticity):
    """Part of private commitments for seed funds: open exits tilt money to early stages."""
    return minimum(private_seed_share * relative_exit_yield**early_tilt_elasticity, 1)


@flow("billion_yuan/year", into=seed_fund)
def private_seed_commitments(private_commitments, private_early_share):
    """Private money committed to seed funds."""
    return private_commitments * private_early_share


@flow("billion_yuan/year", into=venture_fund)
def private_venture_commitments(private_commitments, private_early_share, private_venture_share):
    """Private money committed to venture funds."""
    return private_commitments * (1 - private_early_share) * private_venture_share


@flow("billion_yuan/year", into=industrial_fund)
def private_industrial_commitments(private_commitments, private_early_share, private_venture_share):
    """Private money committed to industrial funds."""
    return private_commitments * (1 - private_early_share) * (1 - private_venture_share)


@auxiliary("1/year")
def deployment_rate(relative_exit_yield, deployment_exit_elasticity, deployment_pace_limit, fund_deployment_time):
    """Share of the money in funds that managers seek to invest in a year."""
    return minimum(relative_exit_yield**deployment_exit_elasticity, deployment_pace_limit) / fund_deployment_time


@auxiliary("1/year")
def redemption_pressure(redemption_rate, deployment_rate, fund_deployment_time):
    """Share of money not called that investors take back in a year: the more, the slower it is deployed."""
    return redemption_rate * maximum(1 - deployment_rate * fund_deployment_time, 0)


@flow("billion_yuan/year", out_of=venture_fund)
def venture_redemptions(venture_fund, redemption_pressure):
    """Money investors take back from venture funds."""
    return venture_fund * redemption_pressure


@flow("billion_yuan/year", out_of=industrial_fund)
def industrial_redemptions(industrial_fund, redemption_pressure):
    """Money investors take back from industrial funds."""
    return industrial_fund * redemption_pressure
