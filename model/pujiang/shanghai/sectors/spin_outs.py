"""Spin-outs: companies that researchers and institutions found on results of public research.

What reports count as companies of the reform includes reorganised ones; only new ones enter as seed ventures.
"""

from pujiang.basis import assumed, by_definition, recalled, seen
from pujiang.declare import auxiliary, flow, parameter
from pujiang.primitives import accumulate
from pujiang.priors import logitnormal, lognormal
from pujiang.reported import reported

spinout_share_researcher_owned = parameter(
    logitnormal(0.59, 0.08),
    "1",
    "Share of researchers' deals that found or reorganise a company.",
    bounds=(0.3, 0.85),
    basis=seen("13 companies from 22 projects in a quarter of 2025", hindsight=2024),
)
reorganised_share = parameter(
    0.25,
    "1",
    "Share of those companies that existed before.",
    bounds=(0.05, 0.6),
    basis=assumed("size; seen: counted as started or reorganised"),
)
spinout_share_institution_owned = parameter(
    0.06,
    "1",
    "Share of institutions' deals that found a company.",
    bounds=(0.01, 0.2),
    basis=recalled("about 13 % of university licences in the United States"),
)
spinout_share_institution_proof = parameter(
    0.3,
    "1",
    "Share of successful proofs of institutions' results that found a company.",
    bounds=(0.1, 0.6),
    basis=assumed("proofs prepare a company"),
)
funding_per_spinout = parameter(
    lognormal(0.05, 0.2),
    "billion_yuan/firm",
    "Venture funding of a company from the reform.",
    bounds=(0.02, 0.1),
    start=0.0445,
    basis=seen("650 million for 13 companies in a quarter of 2025; rounds of the 153 firms would tell", hindsight=2024),
)
firms_per_result = parameter(
    1.0,
    "firm/result",
    "Companies per result that founds one.",
    basis=by_definition("a result that founds a company founds one"),
)


@auxiliary(
    "firm/year",
    reported=reported(
        "integral", "Companies of the ownership reform in a year", short="Reform companies", unit="firms a year"
    ),
)
def reform_companies(researcher_deals, spinout_share_researcher_owned, firms_per_result):
    """Companies researchers start or reorganise with results they own."""
    return firms_per_result * spinout_share_researcher_owned * researcher_deals


@flow("firm/year", into="seed_ventures")
def reform_spinouts(reform_companies, reorganised_share):
    """Companies newly founded by researchers with results they own."""
    return (1 - reorganised_share) * reform_companies


@flow("firm/year", into="seed_ventures")
def institution_spinouts(
    spinout_share_institution_owned,
    institution_transfers,
    spinout_share_institution_proof,
    proof_of_concept_success,
    institution_proofs_done,
    firms_per_result,
):
    """Companies founded on results that institutions own."""
    return firms_per_result * (
        spinout_share_institution_owned * institution_transfers
        + spinout_share_institution_proof * proof_of_concept_success * institution_proofs_done
    )


@auxiliary(
    "firm",
    reported=reported(
        "end",
        "Spin-outs of the ownership reform, to date",
        short="Reform spin-outs",
        unit="firms",
        difference="number",
        better="more",
    ),
)
def reform_spinouts_cumulative(reform_companies):
    """Companies started or reorganised by researchers since the reform began, as reported."""
    return accumulate(reform_companies)


@auxiliary(
    "billion_yuan",
    reported=reported("end", "Investment in reform spin-outs, to date", short="Reform investment", decimals=1),
)
def reform_investment_cumulative(reform_companies, funding_per_spinout):
    """Investment those companies have attracted."""
    return accumulate(reform_companies * funding_per_spinout)
