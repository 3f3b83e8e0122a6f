"""Ownership reform: research institutions that let researchers own what they find.

Institutions go from unreformed to pilot to full researcher ownership; those that reformed encourage others
(R4), until those are through that would reform undirected. Large institutions reform first, so that coverage,
the share of results that researchers own from the start, runs ahead of the share of institutions. Growing
coverage also frees results on the shelf (B2).
"""

from pujiang.basis import assumed, recalled, seen
from pujiang.declare import auxiliary, flow, lever, parameter, series, stock, unit
from pujiang.primitives import maximum, safe_divide
from pujiang.priors import logitnormal, lognormal

institution = unit("institution", "Universities and research institutes.")

# Institutions

number_of_institutions = parameter(
    87.0,
    "institution",
    "Universities and research institutes whose results can be transferred.",
    basis=assumed("68 universities (seen) and about twenty large institutes"),
)
reform_innovation_rate = parameter(
    lognormal(0.02, 0.4),
    "1/year",
    "Share of unreformed institutions that begin a pilot in a year by themselves.",
    bounds=(0.005, 0.3),
    basis=recalled("Bass coefficient about .03; larger for directed pilots"),
)
voluntary_reform_share = parameter(
    logitnormal(0.4, 0.07),
    "1",
    "Share of institutions that come to reform without being directed to.",
    bounds=(0.28, 0.8),
    basis=seen(
        "24 of 87 were named as pilots; the others would follow as far as they trade in results at all. "
        "Applications for the next round of pilots would tell"
    ),
)
reform_imitation_rate = parameter(
    lognormal(0.25, 0.35),
    "1/year",
    "Added share per share of institutions reformed.",
    bounds=(0.05, 1.2),
    basis=recalled("Bass coefficient of imitation .2-.5"),
)
pilot_upgrade_rate = parameter(
    lognormal(0.05, 0.4),
    "1/year",
    "Share of pilots that go on to full researcher ownership in a year.",
    bounds=(0.01, 0.3),
    basis=seen("one of 24 did in the first year it was allowed"),
)
rollout_upgrade_ratio = parameter(
    lognormal(2.0, 0.25),
    "1",
    "How much faster directed rollout moves pilots to full ownership than others into pilots.",
    bounds=(0.8, 5.0),
    basis=assumed("pilots have rules and staff in place"),
)
first_pilot_batch = series("institution/year", "Institutions named as the first pilots.")
reform_openness = series("1", "How far rules let institutions reform by themselves: a few from 2020, all from 2024.")
full_ownership_allowed = series("1", "0 until the first full grant of ownership in 2024, then 1.")
ownership_rollout_rate = lever(
    "1/year",
    "Directed rollout: share of unreformed institutions that must begin a pilot in a year.",
    default=0.0,
    label="Rollout of the ownership reform",
    bounds=(0.0, 2.0),
    why="Institutions are moved through pilot to full ownership; coverage frees the backlog of results, so deals "
    "and spin-outs jump and then settle to what is newly found (B2), within what managers can close (B3).",
    basis=assumed("the baseline directs none"),
)

institutions_unreformed = stock(
    "institution", "Institutions that own their results.", initial="number_of_institutions", conserved="institutions"
)
institutions_pilot = stock(
    "institution",
    "Institutions in a pilot: researchers own a share or case by case.",
    initial=0,
    conserved="institutions",
)
institutions_full_ownership = stock(
    "institution", "Institutions whose researchers own their results.", initial=0, conserved="institutions"
)


@auxiliary("1/year")
def reform_hazard(
    reform_innovation_rate,
    reform_imitation_rate,
    institutions_pilot,
    institutions_full_ownership,
    number_of_institutions,
    reform_openness,
    institutional_quality,
):
    """Rate at which an institution that would reform undirected begins a pilot."""
    return (
        (
            reform_innovation_rate
            + reform_imitation_rate * (institutions_pilot + institutions_full_ownership) / number_of_institutions
        )
        * reform_openness
        * institutional_quality
    )


@auxiliary("institution")
def institutions_willing(institutions_unreformed, voluntary_reform_share, number_of_institutions):
    """Unreformed institutions that would reform undirected."""
    return maximum(institutions_unreformed - (1 - voluntary_reform_share) * number_of_institutions, 0)


@flow("institution/year", out_of=institutions_unreformed, into=institutions_pilot)
def pilots_started(
    institutions_willing, reform_hazard, institutions_unreformed, ownership_rollout_rate, first_pilot_batch
):
    """Institutions that begin a pilot: of themselves, directed, or named."""
    return institutions_willing * reform_hazard + institutions_unreformed * ownership_rollout_rate + first_pilot_batch


@flow("institution/year", out_of=institutions_pilot, into=institutions_full_ownership)
def full_ownership_granted(
    institutions_pilot,
    pilot_upgrade_rate,
    full_ownership_allowed,
    institutional_quality,
    rollout_upgrade_ratio,
    ownership_rollout_rate,
):
    """Pilots that go on to full researcher ownership."""
    return institutions_pilot * (
        pilot_upgrade_rate * full_ownership_allowed * institutional_quality
        + rollout_upgrade_ratio * ownership_rollout_rate
    )


# Coverage: 1 - coverage = (1 - weight) (share not full)^c + weight (share unreformed)^c

institution_concentration = parameter(
    lognormal(2.2, 0.25),
    "1",
    "How much of all results the institutions that reform first hold; 1 where all are alike.",
    bounds=(1.2, 5.0),
    basis=assumed("fourteen universities hold most of the volume"),
)
pilot_coverage_weight = parameter(
    lognormal(0.5, 0.2),
    "1",
    "Share of a pilot institution's results that researchers come to own.",
    bounds=(0.2, 0.9),
    basis=assumed("pilots grant a share, or case by case"),
)


@auxiliary("1")
def share_not_full(institutions_unreformed, institutions_pilot, number_of_institutions):
    """Share of institutions without full researcher ownership."""
    return (institutions_unreformed + institutions_pilot) / number_of_institutions


@auxiliary("1")
def share_unreformed(institutions_unreformed, number_of_institutions):
    """Share of institutions not reformed."""
    return institutions_unreformed / number_of_institutions


@auxiliary("1")
def uncovered_share(share_not_full, share_unreformed, institution_concentration, pilot_coverage_weight):
    """Share of new results that institutions keep."""
    return (1 - pilot_coverage_weight) * share_not_full**institution_concentration + (
        pilot_coverage_weight * share_unreformed**institution_concentration
    )


@auxiliary("1")
def ownership_coverage(uncovered_share):
    """Share of new results that researchers own."""
    return 1 - uncovered_share


@auxiliary("1/year")
def ownership_coverage_growth(
    pilot_coverage_weight,
    institution_concentration,
    share_not_full,
    share_unreformed,
    full_ownership_granted,
    pilots_started,
    number_of_institutions,
):
    """Rate of change of coverage, by the chain rule from the flows of institutions."""
    return (
        institution_concentration
        * (
            (1 - pilot_coverage_weight) * share_not_full ** (institution_concentration - 1) * full_ownership_granted
            + pilot_coverage_weight * share_unreformed ** (institution_concentration - 1) * pilots_started
        )
        / number_of_institutions
    )


@auxiliary("1/year")
def shelf_release_rate(ownership_coverage_growth, uncovered_share):
    """Rate at which shelved results pass to researchers: it empties shelves as coverage becomes whole."""
    return safe_divide(ownership_coverage_growth, uncovered_share)
