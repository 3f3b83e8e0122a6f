"""Technology transfer: from results on the shelf to deals.

Public research leaves results; institutions or researchers own them, and transfer them at their own rates.
Researchers transfer faster the more of the value they keep and the fewer approvals they need, so a higher
remittance slows them. Managers limit how many deals can be closed (B3). A reform frees the backlog: deals
jump and then settle to what is newly found (B2). Results are conserved.
"""

from pujiang.basis import assumed, by_definition, derived, recalled, seen
from pujiang.declare import auxiliary, flow, initial, lever, parameter, stock, unit
from pujiang.primitives import delay3, maximum, minimum, safe_divide, sqrt
from pujiang.priors import logitnormal, lognormal, normal

deal = unit("deal", "Transfers of results, each of one result or of a package.")

# Results of universities and institutes

institution_share_of_government_money = parameter(
    logitnormal(0.8, 0.05),
    "1",
    "Share of government research money that universities and institutes spend.",
    bounds=(0.6, 0.95),
    basis=assumed("the rest goes to firms"),
)
results_lag = parameter(
    lognormal(3.0, 0.25),
    "year",
    "Mean time from public research to a result that can be transferred.",
    bounds=(1.5, 6.0),
    basis=assumed("between applied and basic research"),
)
results_per_billion = parameter(
    lognormal(60.0, 0.4),
    "result/billion_yuan_2015",
    "Transferable results per unit of research completed by universities and institutes.",
    bounds=(15.0, 250.0),
    start=34.5,
    basis=assumed("weak, about one per 17 million yuan; disclosures a year by institution would tell"),
)
result_obsolescence = parameter(
    lognormal(0.12, 0.25),
    "1/year",
    "Share of results on the shelf that become obsolete in a year.",
    bounds=(0.04, 0.3),
    basis=assumed("as patents"),
)


results_institution_owned = stock("result", "Results on the shelf that institutions own.", conserved="results")
results_researcher_owned = stock(
    "result", "Results that researchers own and have not transferred.", initial=0, conserved="results"
)


@initial(results_institution_owned)
def initial_results_institution_owned(
    initial_results_created, result_obsolescence, transfer_rate_institution_owned, initial_real_growth
):
    """The shelf that steadily growing research has filled."""
    return initial_results_created / (result_obsolescence + transfer_rate_institution_owned + initial_real_growth)


@auxiliary("result/year")
def initial_results_created(
    results_per_billion,
    institution_share_of_government_money,
    initial_government_research_funding,
    initial_gdp_deflator,
    initial_real_growth,
    results_lag,
    delay_stages,
):
    """Results created a year at the opening."""
    return (
        results_per_billion
        * institution_share_of_government_money
        * initial_government_research_funding
        / initial_gdp_deflator
        * (1 + initial_real_growth * results_lag / delay_stages) ** (-delay_stages)
    )


@auxiliary("result/year")
def results_created(
    results_per_billion,
    institution_share_of_government_money,
    government_research_funding,
    gdp_deflator,
    results_lag,
    initial_real_growth,
):
    """Results that universities and institutes create."""
    return results_per_billion * delay3(
        institution_share_of_government_money * government_research_funding / gdp_deflator,
        results_lag,
        initial_real_growth,
    )


@flow("result/year", into=results_institution_owned)
def institution_results_created(results_created, uncovered_share):
    """New results that institutions own."""
    return results_created * uncovered_share


@flow("result/year", into=results_researcher_owned)
def researcher_results_created(results_created, ownership_coverage):
    """New results that researchers own."""
    return results_created * ownership_coverage


@flow("result/year", out_of=results_institution_owned, into=results_researcher_owned)
def shelf_release(results_institution_owned, shelf_release_rate):
    """Shelved results that pass to researchers as reform covers them."""
    return shelf_release_rate * results_institution_owned


@flow("result/year", out_of=results_institution_owned)
def institution_results_obsolete(results_institution_owned, result_obsolescence):
    """Results of institutions that become obsolete."""
    return result_obsolescence * results_institution_owned


@flow("result/year", out_of=results_researcher_owned)
def researcher_results_obsolete(results_researcher_owned, result_obsolescence):
    """Results of researchers that become obsolete."""
    return result_obsolescence * results_researcher_owned


# Wanted deals

transfer_rate_institution_owned = parameter(
    lognormal(0.035, 0.35),
    "1/year",
    "Share of shelved results that institutions seek to transfer in a year.",
    bounds=(0.005, 0.12),
    start=0.031,
    basis=recalled("5-10 % are ever transferred; transfers over disclosures by institution would tell"),
)
royalty_share_elasticity = parameter(
    normal(1.0, 0.35),
    "1",
    "Percent of transfers that one percent of the researcher's share adds.",
    bounds=(0.0, 2.4),
    basis=seen("Lach and Schankerman 2004, 2008 (abstracts); about 1.3 recalled"),
)
researcher_share_before_reform = parameter(
    normal(0.5, 0.05),
    "1",
    "Researcher's share of the value before reform.",
    bounds=(0.33, 0.7),
    basis=recalled("legal minimum of one half"),
)
approval_friction_removal = parameter(
    lognormal(4.5, 0.35),
    "1",
    "Factor by which researchers transfer faster without approvals, at an unchanged share.",
    bounds=(1.0, 12.0),
    basis=derived(
        "Hvide and Jones 2018, start-up rate .68 % against .22 %: three times the firms from the same results take "
        "some six times the pace on the shelf, with the larger share"
    ),
)
fastest_transfer_rate = parameter(
    3.0,
    "1/year",
    "Fastest rate at which results can be transferred.",
    basis=assumed("a deal takes at least four months"),
)
results_per_deal = parameter(
    1.0,
    "result/deal",
    "Results a deal transfers.",
    basis=by_definition("a package of patents sold together is one result"),
)
remittance_share = lever(
    "1",
    "Share of the assessed value that researchers remit to their institution after a deal.",
    default=0.3,
    bounds=(0.0, 1.0),
    why="What researchers remit is what they do not keep: a lower remittance raises the pace of their deals, and "
    "takes from the fund that pays for proofs of concept (R5).",
    shown_at=0.1,
    basis=seen("30 % at the first university with full researcher ownership"),
)


@auxiliary("1")
def royalty_incentive(remittance_share, researcher_share_before_reform, royalty_share_elasticity):
    """How much harder researchers try for the share they keep than for the one before reform."""
    return ((1 - remittance_share) / researcher_share_before_reform) ** royalty_share_elasticity


@auxiliary("1")
def reform_incentive(royalty_incentive, approval_friction_removal):
    """How much faster researchers transfer what they own than institutions do."""
    return royalty_incentive * approval_friction_removal


@auxiliary("1/year")
def transfer_rate_researcher_owned(transfer_rate_institution_owned, reform_incentive, fastest_transfer_rate):
    """Share of their results that researchers seek to transfer in a year."""
    return minimum(transfer_rate_institution_owned * reform_incentive, fastest_transfer_rate)


@auxiliary("deal/year")
def deals_wanted(
    results_institution_owned,
    transfer_rate_institution_owned,
    results_researcher_owned,
    transfer_rate_researcher_owned,
    results_per_deal,
):
    """Deals institutions and researchers seek in a year."""
    return (
        results_institution_owned * transfer_rate_institution_owned
        + results_researcher_owned * transfer_rate_researcher_owned
    ) / results_per_deal


# Managers

initial_technology_managers = parameter(
    lognormal(250.0, 0.2),
    "person",
    "Technology managers at the opening.",
    bounds=(120.0, 520.0),
    basis=assumed("a few per institution; the plan wants 3,000 by 2027"),
)
deals_per_manager = parameter(
    lognormal(0.9, 0.3),
    "deal/person/year",
    "Deals a manager can close in a year.",
    bounds=(0.3, 2.7),
    basis=assumed("about one a year, as a deal takes months; offices' counts of deals by manager would tell"),
)
manager_training_time = parameter(
    lognormal(3.0, 0.3),
    "year",
    "Time in which institutions fill the gap of managers.",
    bounds=(1.0, 8.0),
    basis=assumed("training and a first year of practice"),
)
manager_turnover = parameter(
    0.1,
    "1/year",
    "Share of managers who leave in a year.",
    bounds=(0.03, 0.25),
    basis=assumed("a young profession"),
)
technology_manager_programme = lever(
    "person/year",
    "Managers trained by a public programme, beyond what institutions do.",
    default=0.0,
    bounds=(0.0, 3000.0),
    why="Managers are the limit of deals only where more deals wait than they can close (B3); institutions train "
    "to need by themselves, so a programme brings that capacity earlier rather than for good.",
    basis=assumed("the baseline has none; a 2025 plan wants 3,000 managers"),
)

technology_managers = stock("person", "Technology managers.", initial="initial_technology_managers")


@auxiliary("person")
def managers_needed(deals_wanted, deals_per_manager):
    """Managers who could close all deals wanted."""
    return deals_wanted / deals_per_manager


@flow("person/year", into=technology_managers)
def manager_hiring(
    managers_needed,
    technology_managers,
    manager_training_time,
    manager_turnover,
    technology_manager_programme,
):
    """Managers trained: by institutions to fill the gap and replace those who leave, and by the programme."""
    return (
        maximum(
            (managers_needed - technology_managers) / manager_training_time + manager_turnover * technology_managers,
            0,
        )
        + technology_manager_programme
    )


@flow("person/year", out_of=technology_managers)
def manager_departures(technology_managers, manager_turnover):
    """Managers who leave."""
    return manager_turnover * technology_managers


@auxiliary("deal/year")
def deal_capacity(technology_managers, deals_per_manager):
    """Deals that managers can close in a year."""
    return technology_managers * deals_per_manager


@auxiliary("1")
def deal_completion(deal_capacity, deals_wanted):
    """Share of wanted deals that are closed: capacity over wanted where managers are few, 1 where many."""
    return safe_divide(deal_capacity, sqrt(deal_capacity**2 + deals_wanted**2))


@flow("result/year", out_of=results_institution_owned)
def institution_transfers(results_institution_owned, transfer_rate_institution_owned, deal_completion):
    """Results transferred by institutions."""
    return results_institution_owned * transfer_rate_institution_owned * deal_completion


@flow("result/year", out_of=results_researcher_owned)
def researcher_transfers(results_researcher_owned, transfer_rate_researcher_owned, deal_completion):
    """Results transferred by researchers."""
    return results_researcher_owned * transfer_rate_researcher_owned * deal_completion


# Deals, with those after a proof of concept


@auxiliary("result/year")
def researcher_deals(researcher_transfers, proof_of_concept_success, researcher_proofs_done):
    """Results of researchers that reach a deal, directly or after a proof of concept."""
    return researcher_transfers + proof_of_concept_success * researcher_proofs_done


@auxiliary("result/year")
def institution_deals(institution_transfers, proof_of_concept_success, institution_proofs_done):
    """Results of institutions that reach a deal, directly or after a proof of concept."""
    return institution_transfers + proof_of_concept_success * institution_proofs_done


@auxiliary("result/year")
def transfers(institution_deals, researcher_deals):
    """Results of universities and institutes that reach a deal."""
    return institution_deals + researcher_deals
