"""How does the state's patient capital reach ventures?

Money put into parent funds is committed over the six to seven years of a fund's life: managers are
selected, sub-funds set up, money called, in three stages (third order). Commitments are divided among proof
of concept, seed, venture and industrial funds; a lever moves them to early stages. Fund money is conserved.
"""

from pujiang.basis import assumed, by_definition, observed, seen
from pujiang.declare import auxiliary, flow, initial, lever, parameter, series, stock
from pujiang.priors import logitnormal, lognormal

state_fund_injection = series("billion_yuan/year", "Money the state put into venture parent funds.")
patient_capital_injection = lever(
    "billion_yuan/year",
    "Additional money for parent funds.",
    default=0.0,
    bounds=(0.0, 3000.0),
    why="Parent funds commit their money over six to seven years through three stages, and funds invest it over "
    "more than two: of a yuan injected in 2026 a part is still waiting in 2030; private money comes along "
    "(crowding-in).",
    basis=seen("three-industry parent funds of 100 bn yuan, July 2024; the bound serves a test of extremes"),
)
early_stage_shift = lever(
    "1",
    "Part of state commitments moved from later to early stages.",
    default=0.0,
    bounds=(0.0, 1.0),
    why="The same state money goes to proofs of concept and seed funds in place of venture and industrial funds: "
    "more ventures start, and less is left for those that must raise later rounds.",
    basis=seen("full-cycle funds, Shanghai 2024-25"),
)

initial_state_fund_money = parameter(
    lognormal(15.0, 0.3),
    "billion_yuan",
    "Money in state parent funds not yet committed at 2015.0.",
    bounds=(5.0, 40.0),
    basis=assumed("order of size; accounts of the parent funds at the end of 2014 would tell"),
)
state_fund_life = parameter(
    lognormal(6.5, 0.15),
    "year",
    "Time in which a parent fund commits what is put into it.",
    bounds=(4.0, 10.0),
    basis=observed("under 4 % of the 100 bn fund was drawn in its first nine months"),
)
state_fund_stages = parameter(
    3.0, "1", "Stages of committing state fund money.", basis=by_definition("third-order delay, three explicit stocks")
)
state_proof_of_concept_share = parameter(
    lognormal(0.01, 0.3),
    "1",
    "Part of state commitments for proof of concept.",
    bounds=(0.002, 0.04),
    basis=assumed("a very small part; the funds' commitments by stage would tell"),
)
state_seed_share = parameter(
    lognormal(0.08, 0.25),
    "1",
    "Part of state commitments for seed funds.",
    bounds=(0.02, 0.2),
    basis=assumed("a small part; the funds' commitments by stage would tell"),
)
state_venture_share = parameter(
    logitnormal(0.35, 0.05),
    "1",
    "Part of state commitments for venture funds.",
    bounds=(0.15, 0.6),
    basis=assumed("about a third; industrial funds get the rest"),
)
shift_to_proof_of_concept = parameter(
    0.15,
    "1",
    "Part of an early-stage shift that goes to proof of concept.",
    bounds=(0.02, 0.25),
    basis=assumed("proofs need little money, so less goes there than to seed funds; the terms of a shift would tell"),
)
shift_to_seed = parameter(
    0.5,
    "1",
    "Part of an early-stage shift that goes to seed funds.",
    bounds=(0.2, 0.6),
    basis=assumed("half goes to the first rounds; the terms of a shift would tell"),
)


new_state_fund_money = stock(
    "billion_yuan", "State fund money for which managers are being selected.", conserved="fund_money"
)
maturing_state_fund_money = stock("billion_yuan", "State fund money in sub-funds being set up.", conserved="fund_money")
state_parent_fund = stock("billion_yuan", "State fund money being committed to funds.", conserved="fund_money")


@auxiliary("year")
def state_fund_stage_time(state_fund_life, state_fund_stages):
    """Time state fund money spends in each of its stages."""
    return state_fund_life / state_fund_stages


@auxiliary("1")
def initial_stage_ratio(initial_growth, state_fund_stage_time):
    """Money in a stage over that in the stage before it, in growth at the opening rate."""
    return 1 / (1 + initial_growth * state_fund_stage_time)


@initial(new_state_fund_money)
def initial_new_state_fund_money(initial_state_fund_money, initial_stage_ratio):
    """The first stage's part, in growth at the opening rate."""
    return initial_state_fund_money / (1 + initial_stage_ratio + initial_stage_ratio**2)


@initial(maturing_state_fund_money)
def initial_maturing_state_fund_money(initial_state_fund_money, initial_stage_ratio):
    """The second stage's part."""
    return initial_state_fund_money * initial_stage_ratio / (1 + initial_stage_ratio + initial_stage_ratio**2)


@initial(state_parent_fund)
def initial_state_parent_fund(initial_state_fund_money, initial_stage_ratio):
    """The third stage's part."""
    return initial_state_fund_money * initial_stage_ratio**2 / (1 + initial_stage_ratio + initial_stage_ratio**2)


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
