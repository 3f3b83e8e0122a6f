"""How does a venture grow up: seed, venture stage, growth stage, listing queue, unicorn?

Every firm that leaves a stage arrives in another, goes back to ordinary life among the eligible firms, is
acquired or dies: the chain conserves firms. Money decides how many advance (no money, no advance); mergers
and listings decide how many investors get out. Shares are taken in sequence, each of what the one before
left, so that they never exceed one. Loops: R2 and R3 run up this chain, B9 sends the withdrawn back to the
growth stage.
"""

from pujiang.basis import assumed, seen
from pujiang.declare import auxiliary, flow, lever, parameter, stock
from pujiang.primitives import minimum, safe_divide, spread
from pujiang.priors import logitnormal, lognormal, normal
from pujiang.reported import reported
from pujiang.shanghai.dimensions import industry

merger_support = lever(
    "1",
    "Rate at which ventures are bought, relative to 2015-25 (M&A funds, easier approval).",
    default=1.0,
    bounds=(0.0, 3.0),
    why="More ventures are bought, which pays investors sooner and raises the yield they perceive (R2), but takes "
    "firms out of the chain that would have queued to list.",
    basis=seen("S&T innovation center press conference, July 2025: merger funds"),
)

initial_seed_ventures = parameter(
    lognormal(850.0, 0.25),
    "firm",
    "Seed-funded ventures at 2015.0.",
    bounds=(300.0, 2500.0),
    basis=assumed("what seed funds of some 5 bn yuan sustain"),
)
initial_venture_stage_firms = parameter(
    lognormal(800.0, 0.25),
    "firm",
    "Firms in venture rounds at 2015.0.",
    bounds=(300.0, 2500.0),
    basis=assumed("785 deals were counted in 2017, a round every one to two years"),
)
initial_growth_stage_firms = parameter(
    lognormal(230.0, 0.25),
    "firm",
    "Firms in growth rounds at 2015.0.",
    bounds=(60.0, 600.0),
    start=240.0,
    basis=assumed("about a third of the firms in venture rounds; rounds of 2014 by stage would tell"),
)
initial_listing_queue = parameter(
    lognormal(40.0, 0.25),
    "firm",
    "Firms preparing or waiting to list at 2015.0.",
    bounds=(10.0, 120.0),
    basis=assumed(
        "candidates waited before the STAR board opened, else 13 and 24 could not list in 2019-20; firms in "
        "review at its opening would tell",
        hindsight=2020,
    ),
)
initial_unicorns = parameter(
    lognormal(12.0, 0.25),
    "firm",
    "Unlisted firms worth over a billion dollars at 2015.0.",
    bounds=(4.0, 30.0),
    basis=assumed("public lists count 47 (2020) and 66 (2023) and differ widely", hindsight=2023),
)
seed_time = parameter(
    lognormal(1.6, 0.2),
    "year",
    "Time from seed money to the next round.",
    bounds=(0.8, 3.0),
    basis=seen("12-18 months between rounds"),
)
venture_time = parameter(
    lognormal(3.2, 0.2), "year", "Time in venture rounds.", bounds=(1.5, 6.0), basis=seen("two rounds of 12-18 months")
)
seed_success_share = parameter(
    logitnormal(0.46, 0.06),
    "1",
    "Share of seed ventures that raise again at the money of reference.",
    bounds=(0.2, 0.7),
    basis=seen("46-48 % raise again, CB Insights"),
)
seed_support_effect = parameter(
    normal(0.3, 0.1),
    "1",
    "Seed success added by startup finance support of strength 1, as a share.",
    bounds=(0.0, 1.0),
    basis=assumed("near that on births; further rounds under the support of 2025 would tell"),
)
seed_rent_elasticity = parameter(
    normal(0.1, 0.05),
    "1",
    "Response of seed success to rents (a fall).",
    bounds=(0.0, 0.4),
    basis=assumed("well below that of births; further rounds against rents would tell"),
)
failed_seed_death_share = parameter(
    logitnormal(0.6, 0.08),
    "1",
    "Share of seed ventures without a further round that die.",
    bounds=(0.2, 0.9),
    basis=assumed("the others live on by their own revenue"),
)
acquisition_share = parameter(
    logitnormal(0.12, 0.03),
    "1",
    "Share of firms leaving the venture stage by acquisition.",
    bounds=(0.03, 0.3),
    basis=seen("21-22 % in the United States; lower in China"),
)
venture_to_growth_share = parameter(
    logitnormal(0.34, 0.05),
    "1",
    "Share of firms leaving the venture stage upwards at the money of reference.",
    bounds=(0.15, 0.55),
    basis=seen("28/46 to 14/28 % a round, CB Insights"),
)
venture_failure_share = parameter(
    logitnormal(0.28, 0.04),
    "1",
    "Share of firms leaving the venture stage by failure, at reference.",
    bounds=(0.1, 0.5),
    basis=seen("CB Insights"),
)
advance_funding_elasticity = parameter(
    normal(0.65, 0.15),
    "1",
    "Response of advancing to the share of needs that is funded.",
    bounds=(0.1, 1.5),
    basis=assumed("some firms advance on revenue, none without any money"),
)
reference_coverage = parameter(
    logitnormal(0.75, 0.06),
    "1",
    "Funded share of needs at which the shares above were observed.",
    bounds=(0.4, 1.0),
    basis=assumed("not every firm that seeks a round finds it"),
)
listing_application_rate = parameter(
    lognormal(0.2, 0.25),
    "1/year",
    "Share of growth-stage firms that apply to list in a year at an open window and no queue.",
    bounds=(0.03, 0.6),
    basis=assumed("firms apply after four to six years in stage"),
)
application_window_share = parameter(
    logitnormal(0.75, 0.07),
    "1",
    "Share of applications that wait for an open STAR window.",
    bounds=(0.3, 0.95),
    start=0.73,
    basis=assumed("the others aim at other boards"),
)
tolerated_wait = parameter(
    lognormal(3.0, 0.3),
    "year",
    "Wait to list at which half of those ready do not apply.",
    bounds=(1.0, 8.0),
    basis=assumed("a fund's remaining life"),
)
growth_acquisition_rate = parameter(
    lognormal(0.03, 0.3),
    "1/year",
    "Share of growth-stage firms acquired in a year.",
    bounds=(0.005, 0.1),
    basis=assumed("a few in a hundred; acquisitions by stage would tell"),
)
secondary_exit_rate = parameter(
    lognormal(0.05, 0.3),
    "1/year",
    "Share of growth-stage firms whose founders buy the funds out in a year.",
    bounds=(0.01, 0.15),
    basis=assumed("buy-back clauses"),
)
growth_failure_rate = parameter(
    lognormal(0.025, 0.3),
    "1/year",
    "Share of growth-stage firms that fail in a year.",
    bounds=(0.005, 0.1),
    basis=assumed("few fail so late; following firms by stage would tell"),
)
unicorn_rate = parameter(
    lognormal(0.035, 0.3),
    "1/year",
    "Share of growth-stage firms that become unicorns in a year at the money of reference.",
    bounds=(0.005, 0.1),
    basis=assumed("weak: 47 (2020) and 66 (2023) on one public list", hindsight=2023),
)
unicorn_demotion_rate = parameter(
    lognormal(0.10, 0.3),
    "1/year",
    "Share of unicorns that fall below the mark in a year.",
    bounds=(0.03, 0.3),
    basis=assumed("one in ten, as public lists differ widely; names that leave one list would tell"),
)

seed_ventures = stock("firm", "Ventures with seed money.", initial="initial_seed_ventures", conserved="firms")
venture_stage_firms = stock(
    "firm", "Ventures in venture rounds.", initial="initial_venture_stage_firms", conserved="firms"
)
growth_stage_firms = stock(
    "firm", "Ventures in growth rounds.", initial="initial_growth_stage_firms", conserved="firms"
)
listing_queue = stock("firm", "Firms that have applied to list.", initial="initial_listing_queue", conserved="firms")
unicorns = stock(
    "firm",
    "Unlisted firms worth over a billion dollars.",
    initial="initial_unicorns",
    conserved="firms",
    reported=reported("end", "Unicorns", unit="firms", decimals=1),
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
def seed_returns(seed_survivors_leaving, initial_firm_share):
    """Seed ventures that go back to the pool of eligible firms, by industry."""
    return spread(seed_survivors_leaving, initial_firm_share, industry)


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
def venture_returns(venture_dropouts, venture_death_share, initial_firm_share):
    """Venture-stage firms that live on by their own revenue, by industry."""
    return spread(venture_dropouts * (1 - venture_death_share), initial_firm_share, industry)


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
def secondary_exits_by_industry(secondary_exits, initial_firm_share):
    """Firms bought back by their founders: they live on among the eligible firms."""
    return spread(secondary_exits, initial_firm_share, industry)


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
