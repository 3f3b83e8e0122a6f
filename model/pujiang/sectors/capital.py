"""Who commits money to ventures, and through which funds does it reach them?

The state injects money into parent funds, which commit it over the six to seven years of a fund's life
(third order: select, set up, call). Private investors commit in proportion to the economy and to their
appetite for exits, and along with the state. Funds of three kinds (seed, venture, industrial) hold the
money until it is deployed. Fund money is conserved: it enters as injections and private commitments and
leaves as investment. Loops: R2 and R3 (appetite, early tilt).
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
    series,
    stock,
    switch,
)
from pujiang.primitives import maximum, minimum

state_fund_injection = series("billion_yuan/year", "Money the state put into venture parent funds.")
foreign_capital_index = series("1", "Foreign money committed to Shanghai's ventures relative to 2015-20.")
patient_capital_injection = lever(
    "billion_yuan/year",
    "Additional money for parent funds.",
    default=0.0,
    bounds=(0.0, 3000.0),
    source="three-industry parent funds of 100 bn yuan, July 2024; the bound serves a test of extremes",
)
early_stage_shift = lever(
    "1",
    "Part of state commitments moved from later to early stages.",
    default=0.0,
    bounds=(0.0, 1.0),
    source="full-cycle funds, Shanghai 2024-25",
)
private_capital_switch = switch("0: private investors commit nothing.")

# fmt: off
initial_state_fund_money = parameter(
    15.0, "billion_yuan", "Money in state parent funds not yet committed at 2015.0.",
    bounds=(5.0, 40.0), prior=lognormal(15.0, 0.3),
    source="assumed",
)
state_fund_life = parameter(
    6.5, "year", "Time in which a parent fund commits what is put into it.",
    bounds=(4.0, 10.0), prior=lognormal(6.5, 0.15),
    source="observed: under 4 % of the 100 bn fund was drawn in its first nine months",
)
state_fund_stages = parameter(
    3.0, "1", "Stages of committing state fund money.",
    source="structure: third-order delay, three explicit stocks",
)
state_proof_of_concept_share = parameter(
    0.01, "1", "Part of state commitments for proof of concept.",
    bounds=(0.002, 0.04), prior=lognormal(0.01, 0.3),
    source="assumed",
)
state_seed_share = parameter(
    0.08, "1", "Part of state commitments for seed funds.",
    bounds=(0.02, 0.2), prior=lognormal(0.08, 0.25),
    source="assumed",
)
state_venture_share = parameter(
    0.35, "1", "Part of state commitments for venture funds.",
    bounds=(0.15, 0.6), prior=logitnormal(0.35, 0.05),
    source="assumed; industrial funds get the rest",
)
shift_to_proof_of_concept = parameter(
    0.15, "1", "Part of an early-stage shift that goes to proof of concept.",
    bounds=(0.02, 0.25), prior=logitnormal(0.15, 0.03),
    source="assumed",
)
shift_to_seed = parameter(
    0.5, "1", "Part of an early-stage shift that goes to seed funds.",
    bounds=(0.2, 0.6), prior=logitnormal(0.5, 0.04),
    source="assumed",
)
private_commitment_base = parameter(
    35.0, "billion_yuan/year", "Private commitments at the economy and the exits of 2015.",
    bounds=(10.0, 90.0), prior=lognormal(32.0, 0.3),
    source="observed: venture capital invested 31 bn yuan in 2017",
)
foreign_capital_share = parameter(
    0.45, "1", "Part of foreign money in private commitments at 2015.0.",
    bounds=(0.15, 0.7), prior=logitnormal(0.45, 0.07),
    source="recalled: dollar funds led rounds until 2021",
)
financial_center_elasticity = parameter(
    0.3, "1", "Response of private commitments to the financial center.",
    bounds=(0.0, 1.0), prior=normal(0.3, 0.1),
    source="assumed",
)
state_crowding_in = parameter(
    0.35, "1", "Private money that comes along with a yuan of state commitments, at the exits of 2015.",
    bounds=(-0.3, 1.0), prior=normal(0.35, 0.2),
    source="seen: multiplier 0.88-0.93, lower in developed regions",
)
private_seed_share = parameter(
    0.10, "1", "Part of private commitments for seed funds at the exits of 2015.",
    bounds=(0.03, 0.25), prior=lognormal(0.10, 0.2),
    source="assumed",
)
early_tilt_elasticity = parameter(
    0.2, "1", "Response of the private seed share to the perceived exit yield.",
    bounds=(0.0, 0.6), prior=normal(0.2, 0.08),
    source="seen: the STAR board moved venture money to earlier stages, Bi, Kou and Zhou 2024",
)
private_venture_share = parameter(
    0.5, "1", "Part of private money beyond seed that goes to venture funds; industrial funds get the rest.",
    bounds=(0.2, 0.8), prior=logitnormal(0.5, 0.06),
    source="assumed",
)
fund_deployment_time = parameter(
    2.4, "year", "Time in which funds invest what is committed, at the exits of 2015.",
    bounds=(1.2, 5.0), prior=lognormal(2.5, 0.2),
    source="recalled: investment periods of three to four years",
)
deployment_exit_elasticity = parameter(
    0.5, "1", "Response of deployment to the perceived exit yield.",
    bounds=(0.0, 1.2), prior=normal(0.5, 0.2),
    source="assumed: managers hold dry powder when exits are shut",
)
deployment_pace_limit = parameter(
    1.8, "1", "Fastest deployment relative to 2015.",
    bounds=(1.2, 3.0), prior=lognormal(1.8, 0.12),
    source="assumed: finding and closing deals takes time",
)
initial_seed_fund = parameter(
    9.0, "billion_yuan", "Money in seed funds at 2015.0.",
    bounds=(3.0, 25.0), prior=lognormal(8.0, 0.25),
    source="assumed: 2.5 years of seed rounds",
)
initial_venture_fund = parameter(
    45.0, "billion_yuan", "Money in venture funds at 2015.0.",
    bounds=(18.0, 100.0), prior=lognormal(45.0, 0.25),
    source="assumed",
)
initial_industrial_fund = parameter(
    40.0, "billion_yuan", "Money in industrial funds at 2015.0.",
    bounds=(15.0, 100.0), prior=lognormal(40.0, 0.25),
    source="assumed",
)
# fmt: on

new_state_fund_money = stock(
    unit="billion_yuan", conserved="fund_money", doc="State fund money for which managers are being selected."
)
maturing_state_fund_money = stock(
    unit="billion_yuan", conserved="fund_money", doc="State fund money in sub-funds being set up."
)
state_parent_fund = stock(
    unit="billion_yuan", conserved="fund_money", doc="State fund money being committed to funds."
)
seed_fund = stock(
    unit="billion_yuan", initial="initial_seed_fund", conserved="fund_money", doc="Money in seed funds."
)
venture_fund = stock(
    unit="billion_yuan", initial="initial_venture_fund", conserved="fund_money", doc="Money in venture funds."
)
industrial_fund = stock(
    unit="billion_yuan",
    initial="initial_industrial_fund",
    conserved="fund_money",
    doc="Money in industrial funds (growth rounds and capacity).",
)


@auxiliary("year")
def state_fund_stage_time(state_fund_life, state_fund_stages):
    """Time state fund money spends in each of its stages."""
    return state_fund_life / state_fund_stages


@auxiliary("1")
def opening_stage_ratio(opening_growth, state_fund_stage_time):
    """Money in a stage over that in the stage before it, in growth at the opening rate."""
    return 1 / (1 + opening_growth * state_fund_stage_time)


@initial(new_state_fund_money)
def initial_new_state_fund_money(initial_state_fund_money, opening_stage_ratio):
    """The first stage's part, in growth at the opening rate."""
    return initial_state_fund_money / (1 + opening_stage_ratio + opening_stage_ratio**2)


@initial(maturing_state_fund_money)
def initial_maturing_state_fund_money(initial_state_fund_money, opening_stage_ratio):
    """The second stage's part."""
    return initial_state_fund_money * opening_stage_ratio / (1 + opening_stage_ratio + opening_stage_ratio**2)


@initial(state_parent_fund)
def initial_state_parent_fund(initial_state_fund_money, opening_stage_ratio):
    """The third stage's part."""
    return (
        initial_state_fund_money * opening_stage_ratio**2 / (1 + opening_stage_ratio + opening_stage_ratio**2)
    )


@flow("billion_yuan/year", into=new_state_fund_money)
def state_fund_injections(state_fund_injection, patient_capital_injection):
    """Money put into state parent funds; injections of 2024 are held: the fund of that year is undrawn."""
    return state_fund_injection + patient_capital_injection


@flow("billion_yuan/year", out_of=new_state_fund_money, into=maturing_state_fund_money)
def state_manager_selection(new_state_fund_money, state_fund_stage_time):
    """State fund money for which managers have been selected."""
    return new_state_fund_money / state_fund_stage_time


@flow("billion_yuan/year", out_of=maturing_state_fund_money, into=state_parent_fund)
def state_subfund_setup(maturing_state_fund_money, state_fund_stage_time):
    """State fund money whose sub-funds have been set up."""
    return maturing_state_fund_money / state_fund_stage_time


@auxiliary("billion_yuan/year")
def state_commitments(state_parent_fund, state_fund_stage_time):
    """Money the state parent funds commit."""
    return state_parent_fund / state_fund_stage_time


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
    private_capital_switch,
):
    """Money private investors commit: none without appetite for exits, none below zero by crowding out."""
    return (
        private_capital_switch
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


@auxiliary("1")
def private_early_share(private_seed_share, relative_exit_yield, early_tilt_elasticity):
    """Part of private commitments for seed funds: open exits tilt money to early stages."""
    return minimum(private_seed_share * relative_exit_yield**early_tilt_elasticity, 1)


@flow("billion_yuan/year", out_of=state_parent_fund, into="proof_of_concept_fund")
def proof_of_concept_commitments(
    state_commitments, state_proof_of_concept_share, shift_to_proof_of_concept, early_stage_shift
):
    """State money committed to proof of concept."""
    return state_commitments * (state_proof_of_concept_share + shift_to_proof_of_concept * early_stage_shift)


@flow("billion_yuan/year", out_of=state_parent_fund, into=seed_fund)
def state_seed_commitments(state_commitments, state_seed_share, shift_to_seed, early_stage_shift):
    """State money committed to seed funds."""
    return state_commitments * (state_seed_share + shift_to_seed * early_stage_shift)


@flow("billion_yuan/year", out_of=state_parent_fund, into=venture_fund)
def state_venture_commitments(state_commitments, state_venture_share, early_stage_shift):
    """State money committed to venture funds."""
    return state_commitments * state_venture_share * (1 - early_stage_shift)


@flow("billion_yuan/year", out_of=state_parent_fund, into=industrial_fund)
def state_industrial_commitments(
    state_commitments, proof_of_concept_commitments, state_seed_commitments, state_venture_commitments
):
    """State money committed to industrial funds: the rest."""
    return (
        state_commitments - proof_of_concept_commitments - state_seed_commitments - state_venture_commitments
    )


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
def deployment_rate(
    relative_exit_yield, deployment_exit_elasticity, deployment_pace_limit, fund_deployment_time
):
    """Share of the money in funds that managers seek to invest in a year."""
    return (
        minimum(relative_exit_yield**deployment_exit_elasticity, deployment_pace_limit) / fund_deployment_time
    )
