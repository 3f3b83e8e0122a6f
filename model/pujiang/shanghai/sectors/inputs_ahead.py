"""How do the inputs go on after their last figure?

Nobody knows, so every member of an ensemble draws a course of its own, the same in all scenarios: each input leaves the
level that a scenario or the last figure gives it by yearly steps of the size its history shows, and comes back in
time. The central member draws nothing and keeps to the level. Listings have three regimes that last (open, tightened,
nearly shut), by how good the climate for issues is; and listings of a year are a count, as scattered as counts are.
"""

from pujiang.basis import assumed, by_definition, derived, observed, recalled
from pujiang.declare import Parameter, auxiliary, dimension, flow, parameter, stock
from pujiang.primitives import exp, maximum, total, where
from pujiang.priors import normal

FIRST, LAST = 2019, 2036

drawn_year = dimension(
    "drawn_year",
    {f"y{year}": str(year) for year in range(FIRST, LAST + 1)},
    "Years for which a member draws how inputs move; those before 2025 set the climate for issues at the start.",
)
middle_of_year = parameter(
    {f"y{year}": year + 0.5 for year in range(FIRST, LAST + 1)},
    "year",
    "Middle of a drawn year.",
    over=drawn_year,
    basis=by_definition("calendar"),
)
one_year = parameter(1.0, "year", "Time between draws.", basis=by_definition("one draw a year"))


def _draws(of: str) -> Parameter:
    """The draws of something by chance, one a year."""
    standard = {name: normal(0.0, 1.0) for name in drawn_year.labels}
    basis = by_definition("standard normal, drawn for each member")
    return parameter(standard, "1", f"Draws for {of}.", over=drawn_year, bounds=(-5.0, 5.0), chance=True, basis=basis)


growth_draws = _draws("growth")
valuation_draws = _draws("the valuation of boards")
foreign_money_draws = _draws("foreign money")
basic_share_draws = _draws("the basic share")
lapse_draws = _draws("the lapse of patents")
other_board_draws = _draws("other boards")
listing_draws = _draws("the climate for issues")
count_draws = _draws("the count of listings")
report_draws = _draws("first reports of research")

growth_step = parameter(
    0.014,
    "1/year^2",
    "Step of growth in a year.",
    basis=derived(
        "growth then spreads by a point; it changed by .8 points a year in 2015-19 and 2.5 with the pandemic"
    ),
)
growth_memory_ahead = parameter(1.0, "year", "Time a step of growth lasts.", basis=assumed("as business cycles"))
valuation_step = parameter(
    0.2,
    "1/year",
    "Step of the logarithm of valuation in a year.",
    basis=derived("technology boards moved by a fifth in a middling year; their five-year means spread by as much"),
)
valuation_memory = parameter(3.0, "year", "Time a step of valuation lasts.", basis=assumed("prices revert in years"))
foreign_money_step = parameter(
    0.35, "1/year", "Step of the logarithm of foreign money.", basis=derived("the index fell by log 1.2 in three years")
)
foreign_money_memory = parameter(
    10.0, "year", "Time a step of foreign money lasts.", basis=assumed("no level of it is known to attract")
)
basic_share_step = parameter(
    0.0045,
    "1/year",
    "Step of the basic share.",
    basis=derived("single years lie .55 points about the trend of 2015-24, survey noise included"),
)
basic_share_memory = parameter(3.0, "year", "Time a step of the basic share lasts.", basis=assumed("a cycle of grants"))
lapse_step = parameter(
    0.15,
    "1/year",
    "Step of the logarithm of the lapse of patents.",
    basis=derived("from 7.3 to 2.4 % in eight years, by .1 to .3 a year"),
)
lapse_memory = parameter(
    5.0, "year", "Time a step of the lapse lasts.", basis=assumed("renewal fees rise in five years")
)
other_board_step = parameter(
    0.3, "1/year", "Step of the logarithm of other boards' openness.", basis=assumed("less than that of the STAR board")
)
other_board_memory = parameter(3.0, "year", "Time a step of other boards lasts.", basis=assumed("as the STAR board"))
climate_step = parameter(
    0.816, "1/year", "Step of the climate for issues.", basis=by_definition("its spread over members comes to 1")
)
climate_memory = parameter(
    3.0,
    "year",
    "Time a climate for issues lasts.",
    basis=recalled("halts lasted half a year to over two years; the tightening of 2023 is in its third"),
)
open_climate = parameter(
    -0.126,
    "1",
    "Climate above which issues are open.",
    basis=recalled("open in 55 of 100 years: nine halts of issues in China in the thirty years to 2024"),
)
shut_climate = parameter(
    -0.842,
    "1",
    "Climate below which issues are nearly shut.",
    basis=recalled("20 of 100 years, as 2013, 2024 and 2025"),
)
climate_width = parameter(0.1, "1", "Width of the border between regimes.", basis=assumed("form: narrow"))
tightened_pass = parameter(
    0.45, "1", "Listings in a tightening over those of an open year.", basis=observed("67 and 124 listings against 150")
)
shut_pass = parameter(
    0.08, "1", "Listings when nearly shut over those of an open year.", basis=observed("15 and 9 listings against 150")
)
expected_pass = parameter(
    0.68, "1", "Mean over the regimes.", basis=derived(".55 + .25 x .45 + .2 x .08: a stance stands for this mean")
)


@auxiliary("1", over=drawn_year)
def weight_of_year(time, middle_of_year, one_year):
    """How much the draw of each year counts now: all in its middle, nothing a year before and after."""
    return maximum(1 - maximum(time - middle_of_year, middle_of_year - time) / one_year, 0)


growth_ahead = stock("1/year", "Growth beyond its course by chance.", initial=0, signed=True)
valuation_ahead = stock("1", "Logarithm of valuation beyond its level by chance.", initial=0, signed=True)
foreign_money_ahead = stock("1", "Logarithm of foreign money beyond its level by chance.", initial=0, signed=True)
basic_share_ahead = stock("1", "Basic share beyond its goal by chance.", initial=0, signed=True)
lapse_ahead = stock("1", "Logarithm of the lapse of patents beyond its level by chance.", initial=0, signed=True)
other_boards_ahead = stock("1", "Logarithm of other boards' openness by chance.", initial=0, signed=True)
listing_climate = stock("1", "Climate for issues (0: the usual).", initial=0, signed=True)


@flow("1/year^2", into=growth_ahead)
def growth_ahead_change(growth_step, growth_draws, weight_of_year, growth_ahead, growth_memory_ahead):
    """Growth moves by chance and reverts."""
    return growth_step * total(growth_draws * weight_of_year, drawn_year) - growth_ahead / growth_memory_ahead


@flow("1/year", into=valuation_ahead)
def valuation_ahead_change(
    gdp_endogenous, valuation_step, valuation_draws, weight_of_year, valuation_ahead, valuation_memory
):
    """Valuation moves by chance and reverts."""
    return (
        gdp_endogenous * valuation_step * total(valuation_draws * weight_of_year, drawn_year)
        - valuation_ahead / valuation_memory
    )


@flow("1/year", into=foreign_money_ahead)
def foreign_money_ahead_change(
    gdp_endogenous, foreign_money_step, foreign_money_draws, weight_of_year, foreign_money_ahead, foreign_money_memory
):
    """Foreign money moves by chance and reverts."""
    return (
        gdp_endogenous * foreign_money_step * total(foreign_money_draws * weight_of_year, drawn_year)
        - foreign_money_ahead / foreign_money_memory
    )


@flow("1/year", into=basic_share_ahead)
def basic_share_ahead_change(
    basic_share_step, basic_share_draws, weight_of_year, basic_share_ahead, basic_share_memory
):
    """The basic share moves by chance and reverts."""
    return (
        basic_share_step * total(basic_share_draws * weight_of_year, drawn_year)
        - basic_share_ahead / basic_share_memory
    )


@flow("1/year", into=lapse_ahead)
def lapse_ahead_change(gdp_endogenous, lapse_step, lapse_draws, weight_of_year, lapse_ahead, lapse_memory):
    """The lapse of patents moves by chance and reverts."""
    return gdp_endogenous * lapse_step * total(lapse_draws * weight_of_year, drawn_year) - lapse_ahead / lapse_memory


@flow("1/year", into=other_boards_ahead)
def other_boards_ahead_change(
    gdp_endogenous, other_board_step, other_board_draws, weight_of_year, other_boards_ahead, other_board_memory
):
    """Other boards move by chance and revert."""
    return (
        gdp_endogenous * other_board_step * total(other_board_draws * weight_of_year, drawn_year)
        - other_boards_ahead / other_board_memory
    )


@flow("1/year", into=listing_climate)
def listing_climate_change(climate_step, listing_draws, weight_of_year, listing_climate, climate_memory):
    """The climate for issues moves by chance and reverts."""
    return climate_step * total(listing_draws * weight_of_year, drawn_year) - listing_climate / climate_memory


@auxiliary("1")
def open_part(listing_climate, open_climate, climate_width):
    """Whether issues are open."""
    return 1 / (1 + exp((open_climate - listing_climate) / climate_width))


@auxiliary("1")
def shut_part(listing_climate, shut_climate, climate_width):
    """Whether issues are nearly shut."""
    return 1 / (1 + exp((listing_climate - shut_climate) / climate_width))


@auxiliary("1")
def listing_regime(listing_draws, weight_of_year, open_part, shut_part, tightened_pass, shut_pass, expected_pass):
    """Listings of the regime of the day over those a stance stands for: 1 where nothing is drawn."""
    return where(
        total(listing_draws * listing_draws * weight_of_year, drawn_year),
        (open_part + shut_part * shut_pass + (1 - open_part - shut_part) * tightened_pass) / expected_pass,
        1,
    )


@auxiliary("1")
def count_luck(gdp_endogenous, count_draws, weight_of_year):
    """By how many standard deviations the listings of the year lie off what is expected."""
    return gdp_endogenous * total(count_draws * weight_of_year, drawn_year)


@auxiliary("1")
def report_luck(gdp_endogenous, report_draws, weight_of_year):
    """By how many standard deviations a first report lies off what is usual."""
    return gdp_endogenous * total(report_draws * weight_of_year, drawn_year)
