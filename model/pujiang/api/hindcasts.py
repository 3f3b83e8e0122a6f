"""Hindcast: fit the model to what was known at the end of past years, and see how well it foretold what came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pujiang.api.arguments import checked
from pujiang.api.loaded import Loaded, PathLike
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.evidence import Evidence, Observation
from pujiang.experiment.calibrate import ROLES, Problem
from pujiang.experiment.discrepancy import Discrepancy
from pujiang.experiment.errors import known_misfits
from pujiang.experiment.fit import Floats
from pujiang.experiment.hindcast import INPUTS, Forecast, Vintage, courses, foretell, refit, vintage_problem, widened
from pujiang.experiment.scenario import RunConfig
from pujiang.experiment.scores import Score, scores
from pujiang.experiment.sizes import estimate, halfway, told
from pujiang.experiment.vintage import InputsAhead
from pujiang.results import unfinished_hindcast as unfinished

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many vintages are finished, and of how many."""

LEAST_AHEAD = 1
"""Years of data after the last cutoff."""


@dataclass(frozen=True)
class Hindcast:
    """How well the model foretold.

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
    config: RunConfig
    data_hash: str

    @checked
    def save(self, folder: PathLike = "runs") -> Path:
        """Write it as a run folder below `folder`; its path.

        Raises:
            InputError: if the folder cannot be written.
        """
        from pujiang.results import run_folder
        from pujiang.results.hindcast import finish

        with run_folder.building(Path(folder)) as partial:
            return finish(partial, self)


def hindcast(
    model: Loaded,
    /,
    cutoffs: Sequence[int] = (),
    *,
    evidence: str = "shipped",
    seed: int = 2026,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Hindcast:
    """Fit the model to the data up to each cutoff, and hold what it says of the years after against what came.

    Args:
        cutoffs: years; by default the six before the last year of data.
        evidence: "shipped", or a folder of observations and inputs.
        seed: of the draws.
        progress: called with what is done, how many vintages are finished, and of how many.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    config = model.configure(evidence=evidence, engine=engine, fit="declared", ensemble={"seed": seed})
    return hindcast_config(model, config, cutoffs, progress)


def hindcast_config(
    model: Loaded,
    config: RunConfig,
    cutoffs: Sequence[int] = (),
    progress: Progress | None = None,
    folder: Path | None = None,
) -> Hindcast:
    """Hindcast as a configuration says.

    Args:
        folder: where finished vintages are kept, and whence it goes on if it was interrupted.
    """
    system, data = model.system, model.evidence(config.evidence)
    years = chosen_cutoffs(system, data, cutoffs)
    last = _last_year(data)
    steps = [(year, wide) for wide in (False, True) for year in years]
    seed = config.ensemble.seed
    made: dict[int, Vintage] = {}
    known: dict[tuple[int, InputsAhead], tuple[list[Observation], Floats]] = {}
    foretold: dict[bool | None, list[Forecast]] = {True: [], False: [], None: []}
    for place, (year, wide) in enumerate(steps):
        seen = widened(system, year) if wide else system
        task = vintage_problem(seen, data, year, discrepancy=model.discrepancy, engine=config.engine)
        name = f"{year}, priors widened" if wide else str(year)

        def say(text: str, name: str = name, place: int = place) -> None:
            if progress is not None:
                progress(f"{name}: {text}", place, len(steps))

        found = None if folder is None else unfinished.read_vintage(folder, year, wide, task)
        if found is None:
            found = refit(task, year, seed, say)
            if folder is not None:
                unfinished.keep_vintage(folder, found, wide)
        for inputs in INPUTS:
            ran = courses(task, found, data, inputs, last, seed)
            foretold[wide] += foretell(task, found, ran, data, inputs, seed)
            if not wide:
                made[year] = found
                known[year, inputs] = known_misfits(
                    task.evidence.observations, ran, range(task.simulation.first_year, last + 1)
                )
                foretold[None] += _left_out(task, found, ran, data, inputs, seed)
    asked_for = estimate(told(known, foretold[False]), model.discrepancy)
    return Hindcast(
        scores=tuple(scores(foretold[False], data.observations)),
        widened=tuple(scores(foretold[True], data.observations)),
        left_out=tuple(scores(foretold[None], data.observations)),
        sizes=halfway(model.discrepancy, asked_for),
        vintages=tuple(made.values()),
        forecasts=tuple(foretold[False]),
        observations=data.observations,
        system=system,
        config=config,
        data_hash=data.sha256,
    )


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
    return max(year for year in set(years) if years.count(year) >= 0.05 * len(years))
