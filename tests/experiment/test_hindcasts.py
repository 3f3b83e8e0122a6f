"""Does a hindcast of a model that made its own data find that model good, and a wrong one bad?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import numpy as np
import pytest

from pujiang.calendar import Calendar
from pujiang.declare import assumed, flow, lognormal, normal, parameter, reported, stock, unit
from pujiang.engine.system import build
from pujiang.errors import InputError
from pujiang.evidence import Evidence, Observation
from pujiang.experiment.calibrate import problem
from pujiang.experiment.discrepancy import NONE, Discrepancy
from pujiang.experiment.errors import error_courses, known_misfits
from pujiang.experiment.hindcast import refit, widened
from pujiang.experiment.hindcasts import Store, chosen_cutoffs, hindcast
from pujiang.experiment.sizes import Told, estimate, halfway

CALENDAR = Calendar(first_year=2015, policy_from=2026, last_year=2030, latest_year=2060, dt=0.25)


class growing:
    rate = parameter(lognormal(0.08, 0.5), "1/year", "Rate.", bounds=(0.001, 1), basis=assumed("test", hindsight=2022))
    opening = parameter(normal(100, 20), "firm", "Start.", bounds=(10, 300), basis=assumed("test"))
    firms = stock("firm", "Firms.", initial="opening", reported=reported("end"))

    @flow("firm/year", into=firms, reported=reported("integral"))
    def births(rate, firms):
        """Births."""
        return rate * firms


SYSTEM = build([growing], (unit("firm", "Firm."),), calendar=CALENDAR)


def observed(year: int, value: float, sd: float) -> Observation:
    return Observation(
        "firms", "here", year, value, "firm", "firms", "end", "lognormal", sd, "log", "fit", (), (), "", value, "firm"
    )


def evidence(values: list[float], sd: float = 0.02) -> Evidence:
    rows = tuple(observed(2015 + k, value, sd) for k, value in enumerate(values))
    return Evidence(rows, {}, {}, {}, {}, {}, "hash")


def truth(noise: float, drift: float = 0.0) -> list[float]:
    random = np.random.default_rng(5)
    walk = drift * np.cumsum(random.standard_normal(10))
    return [100 * np.exp(0.1 * (k + 1) + walk[k] + noise * random.standard_normal()) for k in range(10)]


def test_a_true_model_is_covered_as_its_bands_say() -> None:
    found = hindcast(SYSTEM, evidence(truth(0.02)), NONE, range(2018, 2024), seed=1)
    scores = [s for s in found.scores if s.inputs == "foreseen"]
    assert len(scores) == 21
    assert np.mean([s.covered[2] for s in scores]) > 0.8
    assert np.sqrt(np.mean([s.error**2 for s in scores])) < 0.06


def test_errors_of_a_model_that_wanders_are_found_and_their_bands_hold() -> None:
    """Data walk off by a tenth a year: without errors of the model its bands fail; with those told, they hold."""
    data = evidence(truth(0.0, drift=0.1), sd=0.01)
    bare = hindcast(SYSTEM, data, NONE, range(2018, 2024), seed=1)
    sized = hindcast(SYSTEM, data, bare.sizes, range(2018, 2024), seed=1)
    held = [np.mean([s.covered[1] for s in found.scores]) for found in (bare, sized)]
    assert held[0] < 0.4
    assert held[1] > 0.65
    assert bare.sizes.of("firms") > 0.05


def test_a_vintage_is_fitted_to_no_later_figure() -> None:
    """Later figures a hundred times as large change nothing of what a vintage says."""
    values = truth(0.02)
    absurd = [*values[:5], *(100 * value for value in values[5:])]
    kept = [hindcast(SYSTEM, evidence(series), NONE, [2019], seed=1).vintages[0].draws for series in (values, absurd)]
    assert np.array_equal(kept[0], kept[1])


def test_a_hindcast_that_was_interrupted_goes_on() -> None:
    class Kept(Store):
        def __init__(self) -> None:
            self.found: dict[tuple[int, bool], object] = {}

        def read(self, cutoff, wide, task):
            return self.found.get((cutoff, wide))

        def keep(self, made, wide) -> None:
            self.found[made.cutoff, wide] = made

    store, data = Kept(), evidence(truth(0.02))
    whole = hindcast(SYSTEM, data, NONE, [2020, 2021], seed=1, store=store)
    store.found.pop((2021, True))
    again = hindcast(SYSTEM, data, NONE, [2020, 2021], seed=1, store=store)
    assert again.scores == whole.scores
    assert again.widened == whole.widened


def test_priors_set_with_hindsight_are_widened_where_they_could_not_have_been_known() -> None:
    rate = lambda system: system.parameters["rate"].prior.spread  # noqa: E731
    assert rate(widened(SYSTEM, 2021)) == 2 * rate(SYSTEM)
    assert rate(widened(SYSTEM, 2022)) == rate(SYSTEM)
    assert widened(SYSTEM, 2019).parameters["opening"].prior == SYSTEM.parameters["opening"].prior


@pytest.mark.parametrize("cutoff", [2015, 2024, 2030])
def test_a_cutoff_that_leaves_nothing_is_refused(cutoff: int) -> None:
    with pytest.raises(InputError, match=rf"cutoffs: found {cutoff}; allowed: 2017 to 2023"):
        chosen_cutoffs(SYSTEM, evidence(truth(0.02)), [cutoff])


def test_cutoffs_by_default_are_the_six_before_the_last_year() -> None:
    assert chosen_cutoffs(SYSTEM, evidence(truth(0.02))) == tuple(range(2018, 2024))
    with pytest.raises(InputError, match="no observations"):
        chosen_cutoffs(SYSTEM, evidence([]))


def test_draws_of_a_vintage_are_of_its_posterior() -> None:
    """Logarithms of a growing exponential are nearly linear: the posterior is that of a regression."""
    task = problem(SYSTEM, evidence(truth(0.02)), dt=0.25)
    made = refit(task, 2024, seed=3)
    rates = 0.08 * np.exp(0.5 * made.draws[0])
    years = np.arange(1, 11)
    y = np.log(truth(0.02))
    slope = np.polyfit(years, y, 1)[0]
    assert made.converged
    assert rates.mean() == pytest.approx(slope, abs=0.002)
    assert rates.std() == pytest.approx(0.02 / np.sqrt(np.sum((years - years.mean()) ** 2)), rel=0.15)


def test_the_size_of_errors_comes_back() -> None:
    """Many outcomes missed by normal errors of a known size: the estimate is that size."""
    random = np.random.default_rng(8)
    size, sd = 0.2, 0.02
    pieces = []
    for _ in range(150):
        later = (observed(2020, 100.0, sd),)
        missed = (size * random.standard_normal(1) + sd * random.standard_normal(1)) / sd
        pieces.append(Told((), np.empty(0), later, missed, np.eye(1)))
    assert estimate(pieces, NONE).of("firms") == pytest.approx(size, rel=0.15)


def test_halfway_sizes_are_the_mean_on_logarithms() -> None:
    before, after = Discrepancy({"a": 0.04}, 0.09, 1.0), Discrepancy({"a": 0.16}, 0.01, 4.0)
    found = halfway(before, after)
    assert found.of("a") == pytest.approx(0.08)
    assert found.usual == pytest.approx(0.03)
    assert found.memory == pytest.approx(2.0)
    assert halfway(NONE, after) == after


def test_the_error_of_a_ratio_is_that_of_its_parts() -> None:
    from pujiang.declare import auxiliary
    from pujiang.reported import ratio

    class shares:
        part = parameter(3.0, "firm/year", "Part.", basis=assumed("test"))
        whole = parameter(12.0, "firm/year", "Whole.", basis=assumed("test"))

        @auxiliary("firm/year", reported=reported("integral"))
        def top(part):
            """Top."""
            return part

        @auxiliary("firm/year", reported=reported("integral"))
        def bottom(whole):
            """Bottom."""
            return whole

        @auxiliary("1", reported=reported(ratio("top", "bottom")))
        def share(top, bottom):
            """Share."""
            return top / bottom

    system = build([shares], (unit("firm", "Firm."),), calendar=CALENDAR)
    courses = {name: np.ones((3, 50)) for name in ("top", "bottom", "share")}
    known, misfits = known_misfits((), courses, range(2015, 2018))
    paths = error_courses(system, Discrepancy({}, 0.1, 2.0), courses, range(2015, 2018), known, misfits, (1,))
    assert np.allclose(paths["share"], paths["top"] - paths["bottom"])
    assert paths["top"].std() > 0.05
