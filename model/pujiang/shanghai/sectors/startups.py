"""Where do technology firms come from, and which of them could be certified?

Knowledge, finance and institutions set how many firms are born; half of them choose an industry by demand.
A startup fails, is bought into by a seed fund (it moves to the venture chain), stays an ordinary small
firm, or matures into the pool of eligible firms, from which certificates are drawn. Loop: R15
through knowledge.
"""

from pujiang.basis import assumed, recalled, seen
from pujiang.declare import auxiliary, flow, initial, lever, parameter, stock
from pujiang.primitives import safe_divide, spread, sqrt, total
from pujiang.priors import logitnormal, lognormal, normal
from pujiang.reported import reported
from pujiang.shanghai.dimensions import industry

startup_finance_support = lever(
    "1",
    "Strength of support for the finance of startups (0: as in 2015-25).",
    default=0.0,
    bounds=(0.0, 2.0),
    why="More firms are born and more seed ventures raise again; they reach the pool from which certificates are "
    "drawn only after maturing, and ventures compete for the same venture money.",
    shown_at=0.5,
    basis=seen("staged enterprise support, Shanghai 2025"),
)

startup_birth_base = parameter(
    lognormal(4500.0, 0.25),
    "firm/year",
    "Technology firms born in a year at the conditions of 2015.",
    bounds=(1800.0, 12000.0),
    start=6000.0,
    basis=assumed("no direct count of births of technology firms exists"),
)
birth_knowledge_elasticity = parameter(
    normal(0.35, 0.15),
    "1",
    "Response of births to applied knowledge.",
    bounds=(0.0, 0.9),
    basis=recalled("knowledge-spillover literature on entry, 0.2-0.5"),
)
entry_rent_elasticity = parameter(
    normal(0.4, 0.15),
    "1",
    "Response of births to rents (a fall).",
    bounds=(0.0, 1.0),
    basis=assumed("size; sign seen: Li and Wu 2014"),
)
birth_quality_elasticity = parameter(
    normal(0.3, 0.1),
    "1",
    "Response of births to institutional quality.",
    bounds=(0.0, 1.0),
    basis=assumed("well below proportion; births compared across cities would tell"),
)
birth_support_effect = parameter(
    normal(0.35, 0.12),
    "1",
    "Births added by startup finance support of strength 1, as a share.",
    bounds=(0.0, 1.0),
    basis=assumed("beyond what 2015-25 has seen; births under the support of 2025 would tell", hindsight=2024),
)
birth_finance_weight = parameter(
    logitnormal(0.15, 0.04),
    "1",
    "Share of founders who found only with outside money at hand and an exit in view.",
    bounds=(0.0, 0.4),
    basis=assumed("one in eight startups gets seed money; others found in the hope of it"),
)
birth_demand_share = parameter(
    logitnormal(0.5, 0.1),
    "1",
    "Share of births that choose their industry by its part of demand.",
    bounds=(0.05, 0.95),
    basis=assumed("half follow demand, half the mix of 2015; births by industry would tell"),
)
initial_firm_share = parameter(
    {"ic": 0.04, "biomedicine": 0.10, "ai": 0.10, "other": 0.76},
    "1",
    "Part of each industry in technology firms at 2015.0.",
    over=industry,
    basis=assumed("no count by industry is published"),
)
startup_failure_rate = parameter(
    lognormal(0.15, 0.2),
    "1/year",
    "Share of startups that close in a year.",
    bounds=(0.05, 0.3),
    basis=seen("SAIC 2013, half of new firms close within five years"),
)
closure_rent_elasticity = parameter(
    normal(0.3, 0.15),
    "1",
    "Response of closures to rents.",
    bounds=(0.0, 1.0),
    basis=assumed("a little below that of births; closures against rents by district would tell"),
)
startup_maturation_time = parameter(
    lognormal(3.0, 0.15),
    "year",
    "Time in which a startup grows out of its first phase.",
    bounds=(1.5, 5.0),
    basis=seen("a year of registration and own IP before a first certificate; closures peak in year three"),
)
certifiable_share = parameter(
    logitnormal(0.42, 0.07),
    "1",
    "Share of maturing startups that keep up the R&D a certificate asks for; others stay ordinary.",
    bounds=(0.1, 0.9),
    start=0.465,
    basis=assumed("the rule asks for R&D of 3-5 % of revenue; if all matured, the pool would never empty"),
)
eligible_closure_rate = parameter(
    lognormal(0.055, 0.2),
    "1/year",
    "Share of eligible firms that close or give up their R&D in a year.",
    bounds=(0.02, 0.12),
    basis=seen("SAIC 2013, firms past their fifth year"),
)
initial_eligible_firms = parameter(
    lognormal(16000.0, 0.25),
    "firm",
    "Firms at 2015.0 that could be certified and were not.",
    bounds=(6000.0, 40000.0),
    start=17700.0,
    basis=assumed("weak; the years 2018-22 draw some 20,000 first certificates from it and its inflow", hindsight=2022),
)

startups = stock("firm", "Young technology firms, not yet certifiable.", over=industry, conserved="firms")
eligible_firms = stock(
    "firm",
    "Technology firms that could be certified as high-tech enterprises and are not.",
    over=industry,
    conserved="firms",
)


@initial(startups)
def initial_startups(startup_birth_base, initial_firm_share, startup_failure_rate, startup_maturation_time):
    """As many as the births of 2015 sustain."""
    return spread(startup_birth_base, initial_firm_share, industry) / (
        startup_failure_rate + 1 / startup_maturation_time
    )


@initial(eligible_firms)
def initial_eligible_firms_by_industry(initial_eligible_firms, initial_firm_share):
    """The opening pool, divided as firms were."""
    return spread(initial_eligible_firms, initial_firm_share, industry)


seed_money_at_start = stock("1", "Seed money over GDP at 2015.0.", initial="seed_money_in_economy")


@auxiliary("1")
def seed_money_in_economy(seed_investment, gdp):
    """Money invested in seed rounds over GDP."""
    return seed_investment / gdp


@auxiliary("1")
def finance_effect_on_births(investor_appetite, seed_money_in_economy, seed_money_at_start, birth_finance_weight):
    """Factor of money at hand and exits in view on births (1 as in 2015): neither does without the other."""
    return (
        1
        - birth_finance_weight
        + birth_finance_weight * sqrt(investor_appetite * safe_divide(seed_money_in_economy, seed_money_at_start))
    )


@auxiliary("firm/year", reported=reported("integral", "Technology firms born", unit="firms a year"))
def technology_firm_births(
    startup_birth_base,
    relative_applied_knowledge,
    birth_knowledge_elasticity,
    relative_rent,
    entry_rent_elasticity,
    institutional_quality,
    birth_quality_elasticity,
    startup_finance_support,
    birth_support_effect,
    finance_effect_on_births,
):
    """Technology firms born in all industries."""
    return (
        startup_birth_base
        * relative_applied_knowledge**birth_knowledge_elasticity
        * relative_rent ** (-entry_rent_elasticity)
        * institutional_quality**birth_quality_elasticity
        * (1 + birth_support_effect * startup_finance_support)
        * finance_effect_on_births
    )


@auxiliary("1", over=industry)
def birth_share(birth_demand_share, initial_firm_share, demand):
    """Part of each industry in births: partly as in 2015, partly as demand."""
    return (1 - birth_demand_share) * initial_firm_share + birth_demand_share * safe_divide(
        demand, total(demand, industry)
    )


@flow("firm/year", into=startups, over=industry)
def startup_births(technology_firm_births, birth_share):
    """Births by industry."""
    return spread(technology_firm_births, birth_share, industry)


@flow("firm/year", out_of=startups, over=industry)
def startup_failures(startups, startup_failure_rate, relative_rent, closure_rent_elasticity):
    """Startups that close."""
    return startups * startup_failure_rate * relative_rent**closure_rent_elasticity


@auxiliary("firm")
def all_startups(startups):
    """Startups in all industries."""
    return total(startups, industry)


@flow("firm/year", out_of=startups, into="seed_ventures", over=industry, total_over=industry)
def seed_funded_startups(startups, seed_deals, all_startups):
    """Startups a seed fund buys into: they move to the venture chain."""
    return startups * safe_divide(seed_deals, all_startups)


@flow("firm/year", out_of=startups, into=eligible_firms, over=industry)
def startups_becoming_eligible(startups, startup_maturation_time, certifiable_share):
    """Startups that mature with the R&D and the IP a certificate asks for."""
    return startups / startup_maturation_time * certifiable_share


@flow("firm/year", out_of=startups, over=industry)
def startups_becoming_ordinary(startups, startup_maturation_time, certifiable_share):
    """Startups that mature into ordinary firms, out of this model's sight."""
    return startups / startup_maturation_time * (1 - certifiable_share)


@flow("firm/year", out_of=eligible_firms, over=industry)
def eligible_closures(eligible_firms, eligible_closure_rate, relative_rent, closure_rent_elasticity):
    """Eligible firms that close or give up their R&D."""
    return eligible_firms * eligible_closure_rate * relative_rent**closure_rent_elasticity


@auxiliary("firm", over=industry)
def established_firms(eligible_firms, certified_firms):
    """Firms past their startup years; a certificate changes their label, not their number."""
    return eligible_firms + certified_firms
