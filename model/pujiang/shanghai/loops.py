"""The feedback loops of the model: what each runs through, and the link at which it can be cut.

Stretches that several loops share are named once. A loop belongs to a model as a sector does: CORE stands in the
core model, FURTHER in models that have the further systems as well, and what a loop names must be there.
"""

from types import SimpleNamespace

from pujiang.declare import loop

research_makes_knowledge = (
    "research_spending",
    "applied_research",
    "applied_completions",
    "applied_knowledge_creation",
    "applied_knowledge",
)
output_pays_for_research = ("real_output", "gdp", "government_research_funding", "research_spending")
knowledge_founds_firms = ("relative_applied_knowledge", "technology_firm_births", "startup_births", "startups")
startups_become_ventures = (
    "seed_deals",
    "seed_funded_startups",
    "seed_ventures",
    "seed_advances",
    "venture_stage_firms",
)
ventures_grow_and_queue = ("venture_advances", "growth_stage_firms", "listing_applications", "listing_queue")
the_queue_exits = ("other_listings_from_queue", "weighted_other_exits", "exit_value", "exit_proceeds")
exits_fund_ventures = (
    "perceived_exit_yield",
    "relative_exit_yield",
    "investor_appetite",
    "new_private_commitments",
    "private_commitments",
    "private_venture_commitments",
    "venture_fund",
    "venture_supply",
    "venture_coverage",
    "seed_advances",
    "venture_stage_firms",
)
demand_pays_for_research = (
    "demand_growth",
    "demand_increase",
    "demand",
    "industry_output",
    "industry_revenue",
    "enterprise_research_funding",
    "research_spending",
)


def basic_research_at_its_opening_share(initial_basic_share, research_spending):
    """What basic research would take of the money there is."""
    return initial_basic_share * research_spending


def knowledge_growth_of_the_opening(initial_applied_knowledge_growth):
    """The growth that the trend of demand holds already."""
    return initial_applied_knowledge_growth


def as_many_as_there_are(research_personnel):
    """Nobody is missing."""
    return research_personnel


CORE = SimpleNamespace(
    __name__="loops",
    research_and_growth=loop(
        "R1",
        ("applied_knowledge", *output_pays_for_research, "applied_knowledge_creation"),
        "Research raises knowledge, knowledge output, output what government pays for research.",
        cut=(
            ("relative_applied_knowledge", "knowledge_effect_on_output"),
            ("applied_knowledge_growth", "output_growth_from_inputs"),
        ),
        held=("opening", "zero"),
    ),
    exits_and_capital=loop(
        "R2",
        (
            "private_distributions",
            "distributions_kept",
            "distributions_to_recommit",
            "recommitments",
            *exits_fund_ventures[4:],
            *ventures_grow_and_queue,
            *the_queue_exits,
            "venture_distributions",
        ),
        "Exits pay, what they pay is committed again and raises ventures, ventures make exits.",
        cut=("private_distributions", "distributions_kept"),
        held="zero",
    ),
    early_stage_tilt=loop(
        "R3",
        (
            "relative_exit_yield",
            "private_early_share",
            "private_seed_commitments",
            "seed_fund",
            *startups_become_ventures,
            *ventures_grow_and_queue,
            *the_queue_exits,
            "exit_yield",
        ),
        "Exits move money to early stages, from which later candidates come.",
        cut=("relative_exit_yield", "private_early_share"),
    ),
    reform_imitation=loop(
        "R4",
        ("institutions_pilot", "reform_hazard", "pilots_started"),
        "Institutions that reformed encourage others.",
        cut=(("institutions_pilot", "reform_hazard"), ("institutions_full_ownership", "reform_hazard")),
        held="zero",
    ),
    transfer_self_financing=loop(
        "R5",
        (
            "researcher_deals",
            "remittances",
            "university_transfer_fund",
            "transfer_fund_to_proofs",
            "proof_of_concept_fund",
            "proofs_started",
            "researcher_proofs_started",
            "researcher_results_in_proof",
            "researcher_proofs_done",
        ),
        "Deals pay for proofs of concept, which lead to deals. Cut, the fund pays for services alone. Where a "
        "programme pays for proofs, ready results are short and not money: what is proved sooner is not there to be "
        "proved later, and that outweighs what deals bring, so that the loop balances.",
        cut=(
            ("university_transfer_fund", "transfer_fund_to_proofs"),
            ("transfer_fund_proof_share", "transfer_fund_services"),
        ),
        held="zero",
    ),
    certification_word_of_mouth=loop(
        "R6",
        ("certified_firms", "certified_share", "first_certification_rate", "first_certifications"),
        "Firms with a certificate draw others to it.",
        cut=("certified_share", "first_certification_rate"),
    ),
    knowledge_and_demand=loop(
        "R13",
        (
            "applied_knowledge_creation",
            "applied_knowledge_growth",
            "knowledge_effect_on_demand",
            *demand_pays_for_research,
            *research_makes_knowledge[1:3],
        ),
        "Research makes knowledge, knowledge demand, demand the revenue that pays for firms' research.",
        cut=("applied_knowledge_growth", "knowledge_effect_on_demand"),
        held=knowledge_growth_of_the_opening,
    ),
    venture_money_and_research=loop(
        "R15",
        (
            "venture_investment",
            "venture_spending",
            "venture_research",
            "venture_completions",
            "effective_applied_completions",
            *research_makes_knowledge[3:],
            *knowledge_founds_firms,
            *startups_become_ventures,
            "venture_stage_need",
            "venture_stage_investment",
        ),
        "Ventures' research makes knowledge, knowledge new firms, of which some become ventures that raise money.",
        cut=("venture_spending", "venture_research"),
    ),
    science_and_growth=loop(
        "R18",
        (
            "basic_research",
            "conventional_research",
            "conventional_completions",
            "scientific_knowledge_creation",
            "scientific_knowledge",
            "science_spillover",
            "research_productivity",
            *research_makes_knowledge[3:],
            *output_pays_for_research,
        ),
        "Years later science raises the yield of applied research and so what research earns.",
        cut=(("scientific_knowledge", "science_spillover"), ("relative_applied_knowledge", "science_spillover")),
    ),
    pool_exhaustion=loop(
        "B1",
        ("eligible_firms", "first_certifications"),
        "Certification drains the pool it draws on; firms that mature and certificates that lapse refill it.",
        cut=("eligible_firms", "first_certifications"),
    ),
    backlog_exhaustion=loop(
        "B2",
        ("results_institution_owned", "shelf_release"),
        "Reform frees shelved results once; then deals follow what is newly found.",
        cut=("results_institution_owned", "shelf_release"),
        held="zero",
    ),
    manager_capacity=loop(
        "B3",
        (
            "deals_wanted",
            "managers_needed",
            "manager_hiring",
            "technology_managers",
            "deal_capacity",
            "deal_completion",
            "researcher_transfers",
            "results_researcher_owned",
        ),
        "Deals wait for managers, who are trained as deals wait. Cut, nobody waits.",
        cut=(("deal_capacity", "deal_completion"), ("deals_wanted", "deal_completion")),
        held=("opening", "zero"),
    ),
    harder_ideas=loop(
        "B4",
        (
            "applied_knowledge",
            "relative_applied_knowledge",
            "fishing_out",
            "research_productivity",
            "applied_knowledge_creation",
        ),
        "What has been found makes the rest harder to find.",
        cut=("relative_applied_knowledge", "fishing_out"),
    ),
    researcher_scarcity=loop(
        "B5",
        (
            "research_spending",
            "researchers_wanted",
            "staffing_effect",
            "research_productivity",
            *research_makes_knowledge[3:],
            *output_pays_for_research[:3],
        ),
        "Money that grows faster than people yields less.",
        cut=("researchers_wanted", "staffing_effect"),
        held=as_many_as_there_are,
    ),
    money_chasing_deals=loop(
        "B6",
        ("venture_fund", "venture_supply", "venture_round_inflation", "venture_stage_investment"),
        "Money beyond needs enlarges rounds, which empties the funds and finds no more firms.",
        cut=(("venture_supply", "venture_round_inflation"), ("growth_supply", "growth_round_inflation")),
        held="zero",
        when={"exit_window": 1.5, "market_valuation": 2.0},
    ),
    overhang=loop(
        "B7",
        (
            *exits_fund_ventures[:8],
            "venture_stage_investment",
            "venture_investment",
            "investment_at_cost",
            "unrealised_holdings",
            "exit_yield",
        ),
        "Exits draw new money and hasten what is held; invested, it waits in stakes, and the yield of what is held "
        "falls. Measured, this outweighs the further exits that it makes.",
        cut=("unrealised_holdings", "exit_yield"),
    ),
    queue_and_window=loop(
        "B9",
        ("listing_queue", "star_candidates", "star_served_share", "unserved_share", "withdrawals"),
        "The longer the queue before the window, the more firms withdraw to the growth stage and wait there.",
        cut=("unserved_share", "withdrawals"),
        held="zero",
    ),
    target_gap=loop(
        "B10",
        (
            "research_target_gap",
            "research_policy_pressure",
            "government_research_effort",
            "government_research_funding",
            "research_spending",
            "research_intensity",
        ),
        "A missed target puts budgets under pressure until the gap is closed.",
        cut=("research_target_gap", "research_policy_pressure_change"),
        held="zero",
    ),
    basic_against_applied=loop(
        "B11",
        ("basic_research", *research_makes_knowledge[1:], *output_pays_for_research),
        "What is spent on basic research is not spent on applied research, which would pay for research sooner.",
        cut=("basic_research", "applied_research"),
        held=basic_research_at_its_opening_share,
    ),
    demand_saturation=loop(
        "B12",
        ("demand", "backlog_effect_on_demand", "demand_growth", "demand_increase"),
        "Demand that runs ahead of output slows.",
        cut=("demand", "backlog_effect_on_demand"),
        held="zero",
    ),
)
"""The loops of the core model."""

FURTHER = SimpleNamespace(
    __name__="loops",
    five_centers_spiral=loop(
        "R8",
        (
            "applied_knowledge_growth",
            "center_capability",
            "financial_center",
            "private_commitments",
            "venture_investment",
            "research_spending",
            "applied_knowledge_creation",
        ),
        "Technology makes the other centers stronger; they draw the capital that pays for more of it.",
        cut=(
            ("applied_knowledge_growth", "center_growth"),
            ("scenario_progress", "center_growth"),
            ("initial_applied_knowledge_growth", "center_surge"),
        ),
        held="zero",
    ),
    adaptive_learning=loop(
        "R10",
        (
            "institutional_quality",
            "reform_hazard",
            "institutions_unreformed",
            "ownership_coverage",
            "institutional_goal",
            "institutional_learning",
        ),
        "Institutions learn from reform, and better institutions reform sooner.",
        cut=(
            ("ownership_coverage", "institutional_goal"),
            ("realised_exit_window", "institutional_goal"),
            ("mean_center_capability", "institutional_goal"),
        ),
    ),
    rents_and_firms=loop(
        "B8",
        (
            "startup_births",
            "startups",
            "space_demand",
            "occupancy",
            "rent_index",
            "relative_rent",
            "technology_firm_births",
        ),
        "More firms fill the space there is; rents rise and keep others from being born.",
        cut=("occupancy", "rent_change"),
    ),
    substitution_under_pressure=loop(
        "B13",
        ("import_dependence", "import_substitution"),
        "What is barred is replaced, and so bars less: a slow balance on the damage.",
        cut=("import_dependence", "import_substitution"),
        held="zero",
    ),
)
"""The loops of the further systems."""
