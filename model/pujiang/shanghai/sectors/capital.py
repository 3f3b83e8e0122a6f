"""Who commits private money to ventures, and which funds hold it?

Private investors commit in proportion to the economy and to their appetite for exits, and along with the
state. Open exits tilt their money to early stages. Seed, venture and industrial funds hold all commitments
until they are deployed, the faster the better exits pay. Fund money is conserved. Loops: R2 and R3.
"""

from pujiang.basis import assumed, observed, recalled, seen
from pujiang.declare import auxiliary, flow, parameter, series, stock
from pujiang.primitives import maximum, minimum
from pujiang.priors import logitnormal, lognormal, normal

foreign_capital_index = series("1", "Foreign money committed to Shanghai's ventures relative to 2015-20.")

private_commitment_base = parameter(
    lognormal(32.0, 0.3),
    "billion_yuan/year",
    "Private commitments at the economy and the exits of 2015.",
    bounds=(10.0, 90.0),
    start=35.0,
    basis=observed("venture capital invested 31 bn yuan in 2017"),
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
    lognormal(2.5, 0.2),
    "year",
    "Time in which funds invest what is committed, at the exits of 2015.",
    bounds=(1.2, 5.0),
    start=2.4,
    basis=recalled("investment periods of three to four years"),
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
    lognormal(40.0, 0.25),
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
def foreign_money_effect(foreign_capital_share, foreign_capital_index, foreign_capital_access):
    """Factor of the retreat of foreign money on private commitments."""
    return 1 - foreign_capital_share + foreign_capital_share * foreign_capital_index * foreign_capital_access


@auxiliary("billion_yuan/year")
def private_commitments(
    private_commitment_base,
    gdp,
    initial_gdp,
    foreign_money_effect,
    financial_center,
    financial_center_elasticity,
    state_crowding_in,
    state_commitments,
    investor_appetite,
):
    """Money private investors commit: none without appetite for exits, none below zero by crowding out."""
    return investor_appetite * maximum(
        private_commitment_base
        * (gdp / initial_gdp)
        * foreign_money_effect
        * financial_center**financial_center_elasticity
        + state_crowding_in * state_commitments,
        0,
    )


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
