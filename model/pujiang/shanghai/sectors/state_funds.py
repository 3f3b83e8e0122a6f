"""How does the state's patient capital reach ventures?

Money put into parent funds is committed over the six to seven years of a fund's life: managers are
selected, sub-funds set up, money called, in three stages (third order). Commitments are divided among proof
of concept, seed, venture and industrial funds; a lever moves them to early stages. Fund money is conserved.
"""

from pujiang.declare import auxiliary, flow, initial, lever, logitnormal, lognormal, parameter, series, stock

state_fund_injection = series("billion_yuan/year", "Money the state put into venture parent funds.")
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
# fmt: on


new_state_fund_money = stock(
    unit="billion_yuan", conserved="fund_money", doc="State fund money for which managers are being selected."
)
maturing_state_fund_money = stock(
    unit="billion_yuan", conserved="fund_money", doc="State fund money in sub-funds being set up."
)
state_parent_fund = stock(unit="billion_yuan", conserved="fund_money", doc="State fund money being committed to funds.")


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
    return initial_state_fund_money * opening_stage_ratio**2 / (1 + opening_stage_ratio + opening_stage_ratio**2)


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


@flow("billion_yuan/year", out_of=state_parent_fund, into="proof_of_concept_fund")
def proof_of_concept_commitments(
    state_commitments, state_proof_of_concept_share, shift_to_proof_of_concept, early_stage_shift
):
    """State money committed to proof of concept."""
    return state_commitments * (state_proof_of_concept_share + shift_to_proof_of_concept * early_stage_shift)


@flow("billion_yuan/year", out_of=state_parent_fund, into="seed_fund")
def state_seed_commitments(state_commitments, state_seed_share, shift_to_seed, early_stage_shift):
    """State money committed to seed funds."""
    return state_commitments * (state_seed_share + shift_to_seed * early_stage_shift)


@flow("billion_yuan/year", out_of=state_parent_fund, into="venture_fund")
def state_venture_commitments(state_commitments, state_venture_share, early_stage_shift):
    """State money committed to venture funds."""
    return state_commitments * state_venture_share * (1 - early_stage_shift)


@flow("billion_yuan/year", out_of=state_parent_fund, into="industrial_fund")
def state_industrial_commitments(
    state_commitments, proof_of_concept_commitments, state_seed_commitments, state_venture_commitments
):
    """State money committed to industrial funds: the rest."""
    return state_commitments - proof_of_concept_commitments - state_seed_commitments - state_venture_commitments
