"""A hindcast over several cutoffs: every vintage fitted, run on and scored; and how large errors are, told by all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.evidence import Evidence, Observation
from pujiang.experiment.calibrate import ROLES, Problem
from pujiang.experiment.discrepancy import Discrepancy
from pujiang.experiment.errors import known_misfits
from pujiang.experiment.fit import Floats
from pujiang.experiment.hindcast import INPUTS, Forecast, Vintage, courses, foretell, refit, vintage_problem, widened
from pujiang.experiment.scores import Score, scores
from pujiang.experiment.sizes import estimate, halfway, told
from pujiang.experiment.vintage import InputsAhead

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many vintages are finished, and of how many."""

Step = tuple[int, bool]
"""A vintage to be made: its cutoff, and whether priors set with hindsight are widened."""

LEAST_AHEAD = 1
"""Years of data after the last cutoff."""
LEAST_SHARE = 0.05
"""Of all observations, those a year must have to be the last that is foretold: single figures make no year."""


@dataclass(frozen=True)
class Findings:
    """How well a model foretold.

    Attributes:
        scores: of every forecast with the model's errors as they are sized now.
        widened: of the same with priors that were set knowing later figures made twice as wide.
        left_out: of the same with the size of each outcome's errors told by the others alone.
        sizes: how large errors are, told by these forecasts (see `sizes.halfway`).
        vintages: the fit and draws of each cutoff. forecasts: what they said. observations: all there are.
    """

    scores: tuple[Score, ...]
    widened: tuple[Score, ...]
    left_out: tuple[Score, ...]
    sizes: Discrepancy
    vintages: tuple[Vintage, ...]
    forecasts: tuple[Forecast, ...]
    observations: tuple[Observation, ...]
    system: System
    data_hash: str


@dataclass(frozen=True)
class Vintages:
    """What all vintages are made of."""

    system: System
    data: Evidence
    discrepancy: Discrepancy
    seed: int
    engine: str

    def problem(self, step: Step) -> Problem:
        """The problem of a vintage."""
        cutoff, wide = step
        seen = widened(self.system, cutoff) if wide else self.system
        return vintage_problem(seen, self.data, cutoff, discrepancy=self.discrepancy, engine=self.engine)

    def refit(self, task: Problem, step: Step, tell: Callable[[str], None] = lambda text: None) -> Vintage:
        """A vintage, fitted and drawn."""
        return refit(task, step[0], self.seed, tell)


Tasks = Mapping[Step, Problem]
"""The problem of each vintage that is to be made."""

Refits = Callable[[Vintages, Tasks, Progress], Iterator[tuple[Step, Vintage]]]
"""Makes the vintages of some steps, in any order."""


def in_turn(of: Vintages, tasks: Tasks, tell: Progress) -> Iterator[tuple[Step, Vintage]]:
    """The vintages one by one, in this process."""
    for place, (step, task) in enumerate(tasks.items()):

        def say(text: str, name: str = _named(step), place: int = place) -> None:
            tell(f"{name}: {text}", place, len(tasks))

        yield step, of.refit(task, step, say)


def _named(step: Step) -> str:
    return f"{step[0]}, priors widened" if step[1] else str(step[0])


class Store:
    """Where finished vintages are kept; this one keeps none."""

    def read(self, cutoff: int, wide: bool, task: Problem) -> Vintage | None:
        """A vintage that was finished before; None where it was not."""
        return None

    def keep(self, made: Vintage, wide: bool) -> None:
        """Keep a finished vintage."""


def hindcast(
    system: System,
    data: Evidence,
    discrepancy: Discrepancy,
    cutoffs: Sequence[int],
    *,
    seed: int,
    engine: str = "auto",
    progress: Progress = lambda what, done, of: None,
    store: Store | None = None,
    refits: Refits = in_turn,
) -> Findings:
    """Fit to the data up to each cutoff, run on, and hold what was foretold against what came.

    Args:
        discrepancy: how far the model itself errs, as it is sized now.
        store: where finished vintages are kept, so that a hindcast that was interrupted goes on.
        refits: what makes the vintages.
    """
    last = _last_year(data)
    kept = store or Store()
    of = Vintages(system, data, discrepancy, seed, engine)
    tasks = {(year, wide): of.problem((year, wide)) for wide in (False, True) for year in cutoffs}
    ready = _ready(of, tasks, kept, refits, progress)
    made: dict[int, Vintage] = {}
    known: dict[tuple[int, InputsAhead], tuple[list[Observation], Floats]] = {}
    foretold: dict[bool | None, list[Forecast]] = {True: [], False: [], None: []}
    for (year, wide), task in tasks.items():
        found = ready[year, wide]
        progress(f"{_named((year, wide))}: run on and scored", len(tasks), len(tasks))
        for inputs in INPUTS:
            ran = courses(task, found, data, inputs, last, seed)
            foretold[wide] += foretell(task, found, ran, data, inputs, seed)
            if not wide:
                made[year] = found
                known[year, inputs] = known_misfits(
                    task.evidence.observations, ran, range(task.simulation.first_year, last + 1)
                )
                foretold[None] += _left_out(task, found, ran, data, inputs, seed)
    return Findings(
        scores=tuple(scores(foretold[False], data.observations)),
        widened=tuple(scores(foretold[True], data.observations)),
        left_out=tuple(scores(foretold[None], data.observations)),
        sizes=halfway(discrepancy, estimate(told(known, foretold[False]), discrepancy)),
        vintages=tuple(made.values()),
        forecasts=tuple(foretold[False]),
        observations=data.observations,
        system=system,
        data_hash=data.sha256,
    )


def _ready(of: Vintages, tasks: Tasks, kept: Store, refits: Refits, progress: Progress) -> dict[Step, Vintage]:
    """The vintages of all steps: those that were kept, and the others, which are kept as they come."""
    there = {step: kept.read(*step, task) for step, task in tasks.items()}
    ready = {step: found for step, found in there.items() if found is not None}
    missing = {step: task for step, task in tasks.items() if step not in ready}
    before = len(ready)

    def tell(what: str, done: int, _: int) -> None:
        progress(what, before + done, len(tasks))

    for step, found in refits(of, missing, tell):
        kept.keep(found, step[1])
        ready[step] = found
        progress(f"{_named(step)}: fitted", len(ready), len(tasks))
    return ready


def _left_out(
    task: Problem, made: Vintage, ran: Mapping[str, Floats], data: Evidence, inputs: InputsAhead, seed: int
) -> list[Forecast]:
    """What a vintage foretells where the errors of each outcome are taken to be of the usual size."""
    found = []
    for outcome in ran:
        others = {name: size for name, size in task.discrepancy.spread.items() if name != outcome}
        usual = replace(task.discrepancy, spread=others)
        found += foretell(task, made, ran, data, inputs, seed, discrepancy=usual, only=outcome)
    return found


def chosen_cutoffs(system: System, evidence: Evidence, asked: Sequence[int] = ()) -> tuple[int, ...]:
    """The cutoffs asked for, or the six before the last year of data.

    Raises:
        InputError: for a year that leaves nothing to fit, or nothing to foretell.
    """
    last = _last_year(evidence)
    first = min(o.year for o in evidence.observations if o.role in ROLES) + 2
    for year in asked:
        if not first <= year <= last - LEAST_AHEAD:
            raise InputError(f"cutoffs: found {year}; allowed: {first} to {last - LEAST_AHEAD}")
    return tuple(sorted(set(asked))) or tuple(range(max(first, last - 6), last))


def _last_year(evidence: Evidence) -> int:
    """The last year most series reach: single figures after it are no year to be foretold."""
    years = [o.year for o in evidence.observations if o.role in ROLES]
    if not years:
        raise InputError("hindcast: there are no observations to fit; a project needs a folder of data")
    return max(year for year in set(years) if years.count(year) >= LEAST_SHARE * len(years))
