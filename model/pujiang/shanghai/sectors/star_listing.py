"""Who gets listed, and where does the money raised go?

The STAR board takes 150 firms a year when its window is fully open; Shanghai's firms have their share of
those places, so listings are the smaller of candidates and places and the window binds (loop B9: those not
served withdraw in time). Other boards are a second way out. The window is an input to 2025; from 2026 on policy
sets a stance, and the pace follows it with what valuations let the market bear, and with regimes (open,
tightened, nearly shut) that last, of every member its own, the same in all scenarios.
"""

from pujiang.basis import assumed, by_definition, observed, recalled, seen
from pujiang.declare import auxiliary, flow, lever, parameter, series, stock
from pujiang.primitives import exp, maximum, minimum, safe_divide, smooth, smooth_minimum, sqrt, where
from pujiang.priors import logitnormal, lognormal, normal
from pujiang.reported import reported

listing_window = series("1", "STAR listings in China over the 150 a year of a fully open window.")
board_valuation = series("1", "Valuation of technology boards relative to their mean of 2015-19.")
announced_window = series("1", "STAR window announced before the first listing: November 2018 to July 2019.")
other_board_window = series("1", "Openness of the other boards (main, ChiNext, Hong Kong, New York).")


exit_window = lever(
    "1",
    "STAR listings of all China over the 150 a year of a fully open window.",
    default=0.35,
    label="Listing window of the STAR board",
    bounds=(0.0, 1.5),
    history="listing_window",
    why="Firms that wait list at once and the queue empties; what exits pay then raises commitments and the pace "
    "at which funds invest (R2, R3), and new candidates must climb the venture chain first.",
    basis=assumed("0.10 in 2024, 0.06 in 2025 (590 firms in December 2025); a partial recovery to 0.35"),
)
market_valuation = lever(
    "1",
    "Valuation of technology boards relative to their mean of 2015-24.",
    default=1.0,
    bounds=(0.0, 2.0),
    history="board_valuation",
    why="Exits pay more at once and listings raise more money, which firms spend on research and capacity; rounds "
    "also cost more, so that coverage of the chain rises by less.",
    shown_at=1.3,
    basis=assumed("prices revert to the mean of the years before the boom; no trend of them is foreseeable"),
)

exit_window_realisation = parameter(
    lognormal(1.0, 0.2),
    "1",
    "Listings from 2026 on over those the stance stands for.",
    bounds=(0.25, 2.0),
    basis=assumed("what a stance means is open; a rule that ties approvals to a count would tell"),
)
window_response_time = parameter(
    lognormal(0.75, 0.25),
    "year",
    "Time in which listings follow a stance.",
    bounds=(0.25, 2.0),
    basis=seen("the tightening of August 2023 was felt within the year", hindsight=2023),
)
window_valuation_elasticity = parameter(
    normal(0.5, 0.2),
    "1",
    "Response of listings to the valuation of boards.",
    bounds=(0.0, 1.5),
    basis=seen("issues were stopped or slowed in the weak markets of 2012, 2015 and 2023", hindsight=2023),
)
window_data_time = parameter(
    0.25,
    "year",
    "Time in which the pace follows the listings observed, so that 2026 begins where 2025 ends.",
    basis=assumed("short against a year"),
)
widest_window = parameter(
    1.08,
    "1",
    "Widest window that a window may turn out to be, unless policy sets a wider one.",
    basis=observed("162 listings in all China in 2021, the most in a year"),
)
one_listing = parameter(1.0, "firm/year", "A listing a year.", basis=by_definition("counts spread by their root"))
board_capacity = parameter(
    150.0,
    "firm/year",
    "STAR listings in China at a window of 1.",
    basis=by_definition("the window is 1 at the pace of 2020-22 (145, 162 and 124 listings)"),
)
shanghai_share_of_listings = parameter(
    logitnormal(0.158, 0.012),
    "1",
    "Share of Shanghai's firms in STAR listings.",
    bounds=(0.08, 0.25),
    start=0.1635,
    basis=observed("94 of about 585 listed at the end of 2024", hindsight=2024),
)
listing_review_rate = parameter(
    lognormal(1.1, 0.25),
    "1/year",
    "Share of the queue that could list on the STAR board in a year.",
    bounds=(0.4, 3.0),
    basis=recalled("review takes 6-14 months"),
)
other_board_rate = parameter(
    lognormal(0.45, 0.3),
    "1/year",
    "Share of the queue that lists on other boards in a year.",
    bounds=(0.1, 1.2),
    basis=recalled("ChiNext, main boards, Hong Kong, New York; listings of the city's firms by board would tell"),
)
listing_sharpness = parameter(
    6.0,
    "1",
    "Sharpness of the smaller of candidates and places.",
    basis=assumed("short of candidates the places are nearly all filled; form of the smooth minimum"),
)
withdrawal_rate = parameter(
    lognormal(0.8, 0.25),
    "1/year",
    "Share of firms not served that withdraw in a year.",
    bounds=(0.2, 2.0),
    basis=seen("over 130 withdrawals early in 2024", hindsight=2024),
)
unicorn_star_rate = parameter(
    lognormal(0.05, 0.3),
    "1/year",
    "Share of unicorns that could list on the STAR board in a year.",
    bounds=(0.01, 0.2),
    basis=assumed("few in a year; listings of former unicorns by board would tell"),
)
unicorn_other_rate = parameter(
    lognormal(0.07, 0.3),
    "1/year",
    "Share of unicorns that list on other boards in a year.",
    bounds=(0.02, 0.25),
    basis=assumed("a little above that of the STAR board; listings of former unicorns by board would tell"),
)
window_expectation_time = parameter(
    lognormal(1.0, 0.3),
    "year",
    "Time in which founders come to expect a new window.",
    bounds=(0.3, 3.0),
    basis=assumed("founders judge by the last year; applications after a change of the window would tell"),
)
other_board_comovement = parameter(
    logitnormal(0.5, 0.12),
    "1",
    "Share of the other boards' openness that goes with the STAR window from 2026 on.",
    bounds=(0.1, 0.9),
    basis=assumed("one regulator at home, Hong Kong and New York have their own"),
)
star_delisting_rate = parameter(
    lognormal(0.001, 0.5),
    "1/year",
    "Share of STAR firms delisted in a year.",
    bounds=(0.0001, 0.01),
    basis=observed(
        "2 of the 145 firms of 2020 are gone; 4 in 1,000 a year would leave 575 of the 581 listed at the end of 2024",
        hindsight=2024,
    ),
)
other_delisting_rate = parameter(
    0.015,
    "1/year",
    "Share of firms on other boards delisted in a year.",
    bounds=(0.002, 0.05),
    basis=assumed("above that of the young STAR board; delistings of Shanghai's firms by board would tell"),
)
initial_other_listed_firms = parameter(
    lognormal(60.0, 0.3),
    "firm",
    "Venture-backed Shanghai firms listed on other boards at 2015.0.",
    bounds=(20.0, 150.0),
    basis=assumed("order of size; venture-backed listings to the end of 2014 would tell"),
)
listing_proceeds_per_firm = parameter(
    lognormal(1.60, 0.08),
    "billion_yuan/firm",
    "Money a STAR listing raises, mean of China at the valuation of the decade.",
    bounds=(1.0, 3.0),
    basis=observed("914 bn by 577 firms; 600 bn by 500"),
)
shanghai_proceeds_ratio = parameter(
    lognormal(1.6, 0.12),
    "1",
    "Money a Shanghai firm raises over the mean of China.",
    bounds=(0.8, 2.5),
    basis=observed("150.7 bn by 59 firms, 30 % of the board's money, at the end of 2021", hindsight=2021),
)
other_board_proceeds_ratio = parameter(
    lognormal(0.5, 0.3),
    "1",
    "Money a listing on another board raises over that of a STAR listing.",
    bounds=(0.15, 1.2),
    basis=assumed("smaller issues"),
)
listing_money_spending_time = parameter(
    3.0,
    "year",
    "Time in which a listed firm spends the money raised.",
    bounds=(1.5, 6.0),
    basis=recalled("projects of a prospectus run two to four years"),
)

star_listed_firms = stock(
    "firm",
    "Shanghai-based firms listed on the STAR board.",
    initial=0,
    conserved="firms",
    reported=reported(
        "end", "STAR-listed Shanghai firms", short="STAR-listed firms", unit="firms", difference="number", better="more"
    ),
)
other_listed_firms = stock(
    "firm",
    "Venture-backed Shanghai firms listed on other boards.",
    initial="initial_other_listed_firms",
    conserved="firms",
)
star_listed_firms_national = stock(
    "firm",
    "Firms of all China listed on the STAR board.",
    initial=0,
    reported=reported(
        "end", "STAR-listed firms, whole country", short="STAR, whole country", unit="firms", difference="number"
    ),
)
listed_firm_cash = stock(
    "billion_yuan", "Money raised by listings of Shanghai firms, not yet spent.", initial=0, conserved="listing_money"
)


@auxiliary("1")
def board_valuation_now(market_valuation, valuation_ahead):
    """Valuation of boards as it turns out."""
    return market_valuation * exp(valuation_ahead)


listing_pace = stock("1", "STAR listings as regulators, boards and firms get used to a stance.", initial=0)


@auxiliary("1")
def listing_pace_goal(
    projecting,
    exit_window,
    exit_window_realisation,
    widest_window,
    listing_regime,
    board_valuation_now,
    window_valuation_elasticity,
):
    """The window a stance leads to; what it was to 2025."""
    return where(
        projecting,
        minimum(exit_window * exit_window_realisation, maximum(exit_window, widest_window))
        * listing_regime
        * board_valuation_now**window_valuation_elasticity,
        exit_window,
    )


@flow("1/year", into=listing_pace)
def listing_pace_change(listing_pace_goal, listing_pace, projecting, window_response_time, window_data_time):
    """Listings follow the stance; to 2025 they were what they were."""
    return (listing_pace_goal - listing_pace) / where(projecting, window_response_time, window_data_time)


@auxiliary("1")
def realised_exit_window(exit_window, projecting, listing_pace):
    """The STAR window as it turns out: as observed to 2025, then the pace of listings."""
    return where(projecting, listing_pace, exit_window)


@auxiliary("1")
def realised_other_window(
    other_board_window, realised_exit_window, projecting, other_board_comovement, other_boards_ahead
):
    """Openness of other boards: as assumed to 2025, then partly its last value and partly the STAR window."""
    return where(
        projecting,
        (1 - other_board_comovement) * other_board_window + other_board_comovement * realised_exit_window,
        other_board_window,
    ) * exp(other_boards_ahead)


@auxiliary("1")
def expected_window(realised_exit_window, announced_window, window_expectation_time):
    """The STAR window founders expect; none before the board was announced."""
    return smooth(maximum(realised_exit_window, announced_window), window_expectation_time, 0)


@auxiliary("firm/year")
def star_places_expected(board_capacity, realised_exit_window, shanghai_share_of_listings):
    """Places on the STAR board that Shanghai's firms can expect."""
    return board_capacity * realised_exit_window * shanghai_share_of_listings


@auxiliary("firm/year")
def star_places(star_places_expected, count_luck, one_listing):
    """Places on the STAR board for Shanghai's firms: a count, which spreads by its root; none at least."""
    return maximum(star_places_expected + count_luck * sqrt(star_places_expected * one_listing), 0)


@auxiliary("firm/year")
def star_candidates(listing_queue, listing_review_rate, unicorns, unicorn_star_rate):
    """Firms ready to list on the STAR board: the queue as fast as it can be reviewed, and unicorns."""
    return listing_queue * listing_review_rate + unicorns * unicorn_star_rate


@auxiliary(
    "firm/year",
    reported=reported(
        "integral",
        "New STAR listings of Shanghai firms",
        short="New STAR listings",
        unit="firms a year",
        decimals=1,
        difference="number",
        better="more",
    ),
)
def star_listings(star_candidates, star_places, listing_sharpness):
    """Shanghai firms listing on the STAR board: the smaller of candidates and places; since 2023 places bind."""
    return smooth_minimum(star_candidates, star_places, listing_sharpness)


@auxiliary("1")
def star_served_share(star_listings, star_candidates):
    """Share of STAR candidates that are listed."""
    return safe_divide(star_listings, star_candidates)


@flow("firm/year", out_of="listing_queue", into=star_listed_firms)
def star_listings_from_queue(listing_queue, listing_review_rate, star_served_share):
    """STAR listings out of the queue."""
    return listing_queue * listing_review_rate * star_served_share


@flow("firm/year", out_of="unicorns", into=star_listed_firms)
def star_listings_of_unicorns(unicorns, unicorn_star_rate, star_served_share):
    """STAR listings of unicorns."""
    return unicorns * unicorn_star_rate * star_served_share


@flow("firm/year", out_of="listing_queue", into=other_listed_firms)
def other_listings_from_queue(listing_queue, other_board_rate, realised_other_window):
    """Listings on other boards out of the queue."""
    return listing_queue * other_board_rate * realised_other_window


@flow("firm/year", out_of="unicorns", into=other_listed_firms)
def other_listings_of_unicorns(unicorns, unicorn_other_rate, realised_other_window):
    """Listings of unicorns on other boards."""
    return unicorns * unicorn_other_rate * realised_other_window


@auxiliary("firm/year")
def listings_from_queue(star_listings_from_queue, other_listings_from_queue):
    """Listings out of the queue, on all boards."""
    return star_listings_from_queue + other_listings_from_queue


@auxiliary("1")
def unserved_share(star_served_share, other_board_rate, realised_other_window, listing_review_rate):
    """Share of the queue's candidates for whom neither the STAR board nor another has a place."""
    return maximum(1 - star_served_share - other_board_rate * realised_other_window / listing_review_rate, 0)


@flow("firm/year", out_of="listing_queue", into="growth_stage_firms")
def withdrawals(listing_queue, withdrawal_rate, unserved_share):
    """Firms that withdraw and wait in the growth stage: the queue is longer than the boards can serve."""
    return listing_queue * withdrawal_rate * unserved_share


@flow("firm/year", out_of=star_listed_firms)
def star_delistings(star_listed_firms, star_delisting_rate):
    """Shanghai firms leaving the STAR board."""
    return star_listed_firms * star_delisting_rate


@flow("firm/year", out_of=other_listed_firms)
def other_delistings(other_listed_firms, other_delisting_rate):
    """Shanghai firms leaving other boards."""
    return other_listed_firms * other_delisting_rate


@flow("firm/year", into=star_listed_firms_national)
def national_star_listings(board_capacity, realised_exit_window):
    """STAR listings of all China: what the window means."""
    return board_capacity * realised_exit_window


@flow("firm/year", out_of=star_listed_firms_national)
def national_star_delistings(star_listed_firms_national, star_delisting_rate):
    """Firms of all China leaving the STAR board."""
    return star_listed_firms_national * star_delisting_rate


@flow("billion_yuan/year", into=listed_firm_cash)
def listing_proceeds(
    star_listings,
    other_listings_from_queue,
    other_listings_of_unicorns,
    other_board_proceeds_ratio,
    listing_proceeds_per_firm,
    shanghai_proceeds_ratio,
    board_valuation_now,
):
    """New money raised by listings of Shanghai firms."""
    return (
        (star_listings + other_board_proceeds_ratio * (other_listings_from_queue + other_listings_of_unicorns))
        * listing_proceeds_per_firm
        * shanghai_proceeds_ratio
        * board_valuation_now
    )


@flow("billion_yuan/year", out_of=listed_firm_cash)
def listed_firm_spending(listed_firm_cash, listing_money_spending_time):
    """Money raised by listings as it is spent."""
    return listed_firm_cash / listing_money_spending_time
