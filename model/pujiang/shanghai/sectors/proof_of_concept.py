"""Proof of concept: money that takes results from the shelf to a deal, and money that comes back from deals.

A fund pays for proofs of concept of results that are ready; some end in a deal, the rest lapse. It is filled
by a public programme, the state's parent fund and what institutions put back of their share in deals: more
deals, more remittances, more proofs, more deals (R5). Money of the funds and results are conserved.
"""

from pujiang.basis import assumed, recalled, seen
from pujiang.declare import auxiliary, flow, lever, parameter, stock
from pujiang.primitives import safe_divide, smooth_minimum
from pujiang.priors import logitnormal, lognormal

proof_of_concept_cost = parameter(
    lognormal(0.0015, 0.3),
    "billion_yuan/result",
    "Cost of one proof of concept.",
    bounds=(0.0005, 0.005),
    basis=assumed("one to two million yuan"),
)
proof_of_concept_time = parameter(
    lognormal(1.2, 0.2),
    "year",
    "Mean time of a proof of concept.",
    bounds=(0.5, 3.0),
    basis=assumed("grants of one to two years"),
)
proof_of_concept_success = parameter(
    logitnormal(0.3, 0.06),
    "1",
    "Share of proofs of concept that end in a deal.",
    bounds=(0.1, 0.6),
    basis=assumed("most proofs lead nowhere; what became of finished projects would tell"),
)
proof_of_concept_spending_time = parameter(
    lognormal(1.0, 0.25),
    "year",
    "Time in which the proof-of-concept fund would spend what it holds.",
    bounds=(0.4, 2.5),
    basis=assumed("annual calls"),
)
proof_readiness_rate = parameter(
    lognormal(0.25, 0.3),
    "1/year",
    "Share of results that researchers bring to a proof of concept in a year, at the share they kept before reform.",
    bounds=(0.08, 0.7),
    basis=assumed("a result waits some years to be taken up; applications to proof programmes would tell"),
)
institution_proof_ratio = parameter(
    lognormal(0.3, 0.3),
    "1",
    "Readiness of institutions' results relative to researchers'.",
    bounds=(0.1, 0.8),
    basis=assumed("nobody pushes them"),
)
proof_sharpness = parameter(
    4.0,
    "1",
    "Sharpness of the smaller of money and ready results.",
    basis=assumed("16 % below the smaller where both are equal"),
)
initial_proof_of_concept_fund = parameter(
    0.05, "billion_yuan", "Money for proofs of concept at the opening.", basis=assumed("one small programme")
)

proof_of_concept_programme = lever(
    "billion_yuan/year",
    "Public money for proofs of concept.",
    default=0.1,
    bounds=(0.0, 5.0),
    history="proof_of_concept_programme",
    why="Money buys proofs of results that are ready; a part becomes deals and spin-outs, whose remittances refill "
    "the fund (R5), until results that are ready run short.",
    basis=assumed("the level of 2024-25 held"),
)

proof_of_concept_fund = stock(
    "billion_yuan", "Money for proofs of concept.", initial="initial_proof_of_concept_fund", conserved="fund_money"
)
institution_results_in_proof = stock(
    "result", "Results of institutions in a proof of concept.", initial=0, conserved="results"
)
researcher_results_in_proof = stock(
    "result", "Results of researchers in a proof of concept.", initial=0, conserved="results"
)


@auxiliary("result/year")
def results_ready_for_proof(
    proof_readiness_rate,
    royalty_incentive,
    results_researcher_owned,
    institution_proof_ratio,
    results_institution_owned,
):
    """Results ready for a proof of concept in a year: researchers bring theirs for the share they keep."""
    return proof_readiness_rate * (
        royalty_incentive * results_researcher_owned + institution_proof_ratio * results_institution_owned
    )


@auxiliary("result/year")
def proofs_started(
    proof_of_concept_fund,
    proof_of_concept_spending_time,
    proof_of_concept_cost,
    results_ready_for_proof,
    proof_sharpness,
):
    """Proofs of concept begun: as many as money and ready results allow."""
    return smooth_minimum(
        proof_of_concept_fund / proof_of_concept_spending_time / proof_of_concept_cost,
        results_ready_for_proof,
        proof_sharpness,
    )


@auxiliary("1/year")
def proof_start_rate(proofs_started, results_ready_for_proof, proof_readiness_rate):
    """Share of results as ready as a researcher's before reform that begin a proof of concept in a year."""
    return proof_readiness_rate * safe_divide(proofs_started, results_ready_for_proof)


@flow("result/year", out_of="results_institution_owned", into=institution_results_in_proof)
def institution_proofs_started(proof_start_rate, institution_proof_ratio, results_institution_owned):
    """Results of institutions that begin a proof of concept."""
    return proof_start_rate * institution_proof_ratio * results_institution_owned


@flow("result/year", out_of="results_researcher_owned", into=researcher_results_in_proof)
def researcher_proofs_started(proof_start_rate, royalty_incentive, results_researcher_owned):
    """Results of researchers that begin a proof of concept."""
    return proof_start_rate * royalty_incentive * results_researcher_owned


@flow("result/year", out_of=institution_results_in_proof)
def institution_proofs_done(institution_results_in_proof, proof_of_concept_time):
    """Proofs of institutions' results that end: some in a deal, the rest lapse."""
    return institution_results_in_proof / proof_of_concept_time


@flow("result/year", out_of=researcher_results_in_proof)
def researcher_proofs_done(researcher_results_in_proof, proof_of_concept_time):
    """Proofs of researchers' results that end: some in a deal, the rest lapse."""
    return researcher_results_in_proof / proof_of_concept_time


@flow("billion_yuan/year", into=proof_of_concept_fund)
def proof_of_concept_appropriations(proof_of_concept_programme):
    """Public money paid into the proof-of-concept fund."""
    return proof_of_concept_programme


@flow("billion_yuan/year", out_of=proof_of_concept_fund)
def proof_of_concept_spending(proofs_started, proof_of_concept_cost):
    """Money spent on proofs of concept."""
    return proofs_started * proof_of_concept_cost


# Money back

deal_value_institution_owned = parameter(
    0.0025,
    "billion_yuan/result",
    "Value of a deal in a result institutions own.",
    bounds=(0.0006, 0.01),
    basis=recalled("a few million yuan"),
)
deal_value_researcher_owned = parameter(
    lognormal(0.018, 0.4),
    "billion_yuan/result",
    "Value of a deal in a result researchers own.",
    bounds=(0.004, 0.08),
    basis=seen("45 million in a quarter of 2025; 10 million in press totals", hindsight=2024),
)
institution_remittance_share = parameter(
    0.3,
    "1",
    "Share of the value of institutions' deals that reaches the transfer fund.",
    bounds=(0.1, 0.6),
    basis=assumed("after inventors and departments"),
)
transfer_fund_spending_time = parameter(
    2.0,
    "year",
    "Time in which institutions spend the transfer fund.",
    bounds=(0.8, 5.0),
    basis=assumed("two budget years; institutions' accounts would tell"),
)
transfer_fund_proof_share = parameter(
    logitnormal(0.5, 0.1),
    "1",
    "Share of the transfer fund that goes into proofs of concept.",
    bounds=(0.2, 0.8),
    basis=assumed("the rest pays for staff and patents"),
)
initial_university_transfer_fund = parameter(
    0.1,
    "billion_yuan",
    "Institutions' transfer fund at the opening.",
    basis=assumed("small beside research money; institutions' accounts of 2014 would tell"),
)

university_transfer_fund = stock(
    "billion_yuan",
    "Money remitted to institutions for technology transfer.",
    initial="initial_university_transfer_fund",
    conserved="fund_money",
)


@auxiliary("billion_yuan/year")
def licence_income(institution_deals, deal_value_institution_owned, researcher_deals, deal_value_researcher_owned):
    """Value of deals in results of universities and institutes."""
    return institution_deals * deal_value_institution_owned + researcher_deals * deal_value_researcher_owned


@flow("billion_yuan/year", into=university_transfer_fund)
def remittances(
    remittance_share,
    researcher_deals,
    deal_value_researcher_owned,
    institution_remittance_share,
    institution_deals,
    deal_value_institution_owned,
):
    """Value remitted to institutions once a deal has succeeded."""
    return (
        remittance_share * researcher_deals * deal_value_researcher_owned
        + institution_remittance_share * institution_deals * deal_value_institution_owned
    )


@flow("billion_yuan/year", out_of=university_transfer_fund, into=proof_of_concept_fund)
def transfer_fund_to_proofs(university_transfer_fund, transfer_fund_spending_time, transfer_fund_proof_share):
    """Money from the transfer fund for proofs of concept."""
    return transfer_fund_proof_share * university_transfer_fund / transfer_fund_spending_time


@flow("billion_yuan/year", out_of=university_transfer_fund)
def transfer_fund_services(university_transfer_fund, transfer_fund_spending_time, transfer_fund_proof_share):
    """Money from the transfer fund for staff, patents and everything else."""
    return (1 - transfer_fund_proof_share) * university_transfer_fund / transfer_fund_spending_time
