"""How does a venture grow up: seed, venture stage, growth stage, listing queue, unicorn?

Every firm that leaves a stage arrives in another, goes back to ordinary life among the eligible firms, is
acquired or dies: the chain conserves firms. Money decides how many advance (no money, no advance); mergers
and listings decide how many investors get out. Shares are taken in sequence, each of what the one before
left, so that they never exceed one. Loops: R2 and R3 run up this chain, B9 sends the withdrawn back to the
growth stage.
"""

from pujiang.declare import auxiliary, flow, lever, logitnormal, lognormal, normal, parameter, stock
from pujiang.primitives import minimum, safe_divide, spread
from pujiang.shanghai.dimensions import industry

merger_support = lever(
    "1",
    "Rate at which ventures are bought, relative to 2015-25 (M&A funds, easier approval).",
    default=1.0,
    bounds=(0.0, 3.0),
    source="S&T innovation center press conference, July 2025: merger funds",
)

# fmt: off
initial_seed_ventures = parameter(
    850.0, "firm", "Seed-funded ventures at 2015.0.",
    bounds=(300.0, 2500.0), prior=lognormal(850.0, 0.25),
    source="assumed: what seed funds of some 5 bn yuan sustain",
)
initial_venture_stage_firms = parameter(
    800.0, "firm", "Firms in venture rounds at 2015.0.",
    bounds=(300.0, 2500.0), prior=lognormal(800.0, 0.25),
    source="assumed: 785 deals were counted in 2017, a round every one to two years",
)
initial_growth_stage_firms = parameter(
    240.0, "firm", "Firms in growth rounds at 2015.0.",
    bounds=(60.0, 600.0), prior=lognormal(230.0, 0.25),
    source="assumed",
)
initial_listing_queue = parameter(
    40.0, "firm", "Firms preparing or waiting to list at 2015.0.",
    bounds=(10.0, 120.0), prior=lognormal(40.0, 0.25),
    source="assumed: candidates waited before the STAR board opened, else 13 and 24 could not list in "
    "2019-20",
)
initial_unicorns = parameter(
    12.0, "firm", "Unlisted firms worth over a billion dollars at 2015.0.",
    bounds=(4.0, 30.0), prior=lognormal(12.0, 0.25),
    source="assumed: public lists count 47 (2020) and 66 (2023) and differ widely",
)
seed_time = parameter(
    1.6, "year", "Time from seed money to the next round.",
    bounds=(0.8, 3.0), prior=lognormal(1.6, 0.2),
    source="seen: 12-18 months between rounds",
)
venture_time = parameter(
    3.2, "year", "Time in venture rounds.",
    bounds=(1.5, 6.0), prior=lognormal(3.2, 0.2),
    source="seen: two rounds of 12-18 months",
)
seed_success_share = parameter(
    0.46, "1", "Share of seed ventures that raise again at the money of reference.",
    bounds=(0.2, 0.7), prior=logitnormal(0.46, 0.06),
    source="seen: 46-48 % raise again, CB Insights",
)
seed_support_effect = parameter(
    0.3, "1", "Seed success added by startup finance support of strength 1, as a share.",
    bounds=(0.0, 1.0), prior=normal(0.3, 0.1),
    source="assumed",
)
seed_rent_elasticity = parameter(
    0.1, "1", "Response of seed success to rents (a fall).",
    bounds=(0.0, 0.4), prior=normal(0.1, 0.05),
    source="assumed",
)
failed_seed_death_share = parameter(
    0.6, "1", "Share of seed ventures without a further round that die.",
    bounds=(0.2, 0.9), prior=logitnormal(0.6, 0.08),
    source="assumed; the others live on by their own revenue",
)
acquisition_share = parameter(
    0.12, "1", "Share of firms leaving the venture stage by acquisition.",
    bounds=(0.03, 0.3), prior=logitnormal(0.12, 0.03),
    source="seen: 21-22 % in the United States; lower in China",
)
venture_to_growth_share = parameter(
    0.34, "1", "Share of firms leaving the venture stage upwards at the money of reference.",
    bounds=(0.15, 0.55), prior=logitnormal(0.34, 0.05),
    source="seen: 28/46 to 14/28 % a round, CB Insights",
)
venture_failure_share = parameter(
    0.28, "1", "Share of firms leaving the venture stage by failure, at reference.",
    bounds=(0.1, 0.5), prior=logitnormal(0.28, 0.04),
    source="seen: CB Insights",
)
advance_funding_elasticity = parameter(
    0.65, "1", "Response of advancing to the share of needs that is funded.",
    bounds=(0.1, 1.5), prior=normal(0.65, 0.15),
    source="assumed: some firms advance on revenue, none without any money",
)
reference_coverage = parameter(
    0.75, "1", "Funded share of needs at which the shares above were observed.",
    bounds=(0.4, 1.0), prior=logitnormal(0.75, 0.06),
    source="assumed: not every firm that seeks a round finds it",
)
listing_application_rate = parameter(
    0.2, "1/year", "Share of growth-stage firms that apply to list in a year at an open window and no queue.",
    bounds=(0.03, 0.6), prior=lognormal(0.2, 0.25),
    source="assumed: firms apply after four to six years in stage",
)
application_window_share = parameter(
    0.73, "1", "Share of applications that wait for an open STAR window.",
    bounds=(0.3, 0.95), prior=logitnormal(0.75, 0.07),
    source="assumed: the others aim at other boards",
)
tolerated_wait = parameter(
    3.0, "year", "Wait to list at which half of those ready do not apply.",
    bounds=(1.0, 8.0), prior=lognormal(3.0, 0.3),
    source="assumed: a fund's remaining life",
)
growth_acquisition_rate = parameter(
    0.03, "1/year", "Share of growth-stage firms acquired in a year.",
    bounds=(0.005, 0.1), prior=lognormal(0.03, 0.3),
    source="assumed",
)
secondary_exit_rate = parameter(
    0.05, "1/year", "Share of growth-stage firms whose founders buy the funds out in a year.",
    bounds=(0.01, 0.15), prior=lognormal(0.05, 0.3),
    source="assumed: buy-back clauses",
)
growth_failure_rate = parameter(
    0.025, "1/year", "Share of growth-stage firms that fail in a year.",
    bounds=(0.005, 0.1), prior=lognormal(0.025, 0.3),
    source="assumed",
)
unicorn_rate = parameter(
    0.035, "1/year", "Share of growth-stage firms that become unicorns in a year at the money of reference.",
    bounds=(0.005, 0.1), prior=lognormal(0.035, 0.3),
    source="weak: 47 (2020) and 66 (2023) on one public list",
)
unicorn_demotion_rate = parameter(
    0.10, "1/year", "Share of unicorns that fall below the mark in a year.",
    bounds=(0.03, 0.3), prior=lognormal(0.10, 0.3),
    source="assumed",
)
# fmt: on

seed_ventures = stock(unit="firm", initial="initial_seed_ventures", conserved="firms", doc="Ventures with seed money.")
venture_stage_firms = stock(
    unit="firm", initial="initial_venture_stage_firms", conserved="firms", doc="Ventures in venture rounds."
)
growth_stage_firms = stock(
    unit="firm", initial="initial_growth_stage_firms", conserved="firms", doc="Ventures in growth rounds."
)
listing_queue = stock(
    unit="firm", initial="initial_listing_queue", conserved="firms", doc="Firms that have applied to list."
)
unicorns = stock(
    unit="firm",
    initial="initial_unicorns",
    conserved="firms",
    doc="Unlisted firms worth over a billion dollars.",
    annual="end",
)


@auxiliary("1")
def seed_advance_share(
    seed_success_share,
    venture_coverage,
    reference_coverage,
    advance_funding_elasticity,
    incubator_support,
    seed_support_effect,
    startup_finance_support,
    relative_rent,
    seed_rent_elasticity,
):
    """Share of seed ventures that raise a venture round; all of them at most."""
    return minimum(
        seed_success_share
        * (venture_coverage / reference_coverage) ** advance_funding_elasticity
        * incubator_support
        * (1 + seed_support_effect * startup_finance_support)
        * relative_rent ** (-seed_rent_elasticity),
        1,
    )


@flow("firm/year", out_of=seed_ventures, into=venture_stage_firms)
def seed_advances(seed_ventures, seed_time, seed_advance_share):
    """Seed ventures that raise a venture round."""
    return seed_ventures / seed_time * seed_advance_share


@flow("firm/year", out_of=seed_ventures)
def seed_failures(seed_ventures, seed_time, seed_advance_share, failed_seed_death_share):
    """Seed ventures that die."""
    return seed_ventures / seed_time * (1 - seed_advance_share) * failed_seed_death_share


@auxiliary("firm/year")
def seed_survivors_leaving(seed_ventures, seed_time, seed_advance_share, failed_seed_death_share):
    """Seed ventures without a further round that live on."""
    return seed_ventures / seed_time * (1 - seed_advance_share) * (1 - failed_seed_death_share)


@flow("firm/year", out_of=seed_ventures, into="eligible_firms", over=industry, total_over=industry)
def seed_returns(seed_survivors_leaving, opening_firm_share):
    """Seed ventures that go back to the pool of eligible firms, by industry."""
    return spread(seed_survivors_leaving, opening_firm_share, industry)


@auxiliary("1")
def venture_acquired_share(acquisition_share, merger_support):
    """Share of firms leaving the venture stage by acquisition: odds grow with support, below one always."""
    return acquisition_share * merger_support / (1 - acquisition_share + acquisition_share * merger_support)


@auxiliary("1")
def venture_advance_share(
    venture_to_growth_share,
    acquisition_share,
    growth_coverage,
    reference_coverage,
    advance_funding_elasticity,
):
    """Share of the firms not acquired that raise a growth round; all of them at most."""
    return minimum(
        venture_to_growth_share
        / (1 - acquisition_share)
        * (growth_coverage / reference_coverage) ** advance_funding_elasticity,
        1,
    )


@auxiliary("1")
def venture_death_share(venture_failure_share, acquisition_share, venture_to_growth_share):
    """Share that dies of those neither acquired nor advancing; the others live on as eligible firms."""
    return minimum(venture_failure_share / (1 - acquisition_share - venture_to_growth_share), 1)


@flow("firm/year", out_of=venture_stage_firms)
def venture_acquisitions(venture_stage_firms, venture_time, venture_acquired_share):
    """Firms acquired out of the venture stage."""
    return venture_stage_firms / venture_time * venture_acquired_share


@flow("firm/year", out_of=venture_stage_firms, into=growth_stage_firms)
def venture_advances(venture_stage_firms, venture_time, venture_acquired_share, venture_advance_share):
    """Firms that raise a growth round."""
    return venture_stage_firms / venture_time * (1 - venture_acquired_share) * venture_advance_share


@auxiliary("firm/year")
def venture_dropouts(venture_stage_firms, venture_time, venture_acquired_share, venture_advance_share):
    """Firms that leave the venture stage neither acquired nor upwards."""
    return venture_stage_firms / venture_time * (1 - venture_acquired_share) * (1 - venture_advance_share)


@flow("firm/year", out_of=venture_stage_firms)
def venture_failures(venture_dropouts, venture_death_share):
    """Venture-stage firms that die."""
    return venture_dropouts * venture_death_share


@flow("firm/year", out_of=venture_stage_firms, into="eligible_firms", over=industry, total_over=industry)
def venture_returns(venture_dropouts, venture_death_share, opening_firm_share):
    """Venture-stage firms that live on by their own revenue, by industry."""
    return spread(venture_dropouts * (1 - venture_death_share), opening_firm_share, industry)


@flow("firm/year", out_of=growth_stage_firms, into=listing_queue)
def listing_applications(
    growth_stage_firms, listing_application_rate, application_window_share, expected_window, queue_patience
):
    """Growth-stage firms that apply to list: most wait for an open window, and fewer join a long queue."""
    return (
        growth_stage_firms
        * listing_application_rate
        * (1 - application_window_share + application_window_share * minimum(expected_window, 1))
        * queue_patience
    )


@auxiliary("1")
def queue_patience(listing_queue, listings_from_queue, tolerated_wait):
    """Share of firms ready to apply that do: half of them where the wait is what is tolerated."""
    return safe_divide(listings_from_queue * tolerated_wait, listings_from_queue * tolerated_wait + listing_queue)


@flow("firm/year", out_of=growth_stage_firms)
def growth_acquisitions(growth_stage_firms, growth_acquisition_rate, merger_support):
    """Growth-stage firms acquired."""
    return growth_stage_firms * growth_acquisition_rate * merger_support


@auxiliary("firm/year")
def secondary_exits(growth_stage_firms, secondary_exit_rate):
    """Growth-stage firms whose founders buy the funds out."""
    return growth_stage_firms * secondary_exit_rate


@flow("firm/year", out_of=growth_stage_firms, into="eligible_firms", over=industry, total_over=industry)
def secondary_exits_by_industry(secondary_exits, opening_firm_share):
    """Firms bought back by their founders: they live on among the eligible firms."""
    return spread(secondary_exits, opening_firm_share, industry)


@flow("firm/year", out_of=growth_stage_firms)
def growth_failures(growth_stage_firms, growth_failure_rate):
    """Growth-stage firms that fail."""
    return growth_stage_firms * growth_failure_rate


@flow("firm/year", out_of=growth_stage_firms, into=unicorns)
def unicorn_promotions(
    growth_stage_firms, unicorn_rate, growth_coverage, reference_coverage, advance_funding_elasticity
):
    """Growth-stage firms whose rounds value them above a billion dollars."""
    return growth_stage_firms * unicorn_rate * (growth_coverage / reference_coverage) ** advance_funding_elasticity


@flow("firm/year", out_of=unicorns, into=growth_stage_firms)
def unicorn_demotions(unicorns, unicorn_demotion_rate):
    """Unicorns whose value falls below the mark."""
    return unicorns * unicorn_demotion_rate
