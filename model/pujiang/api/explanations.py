"""Why two trajectories differ."""

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from pujiang.api.loaded import Loaded, PathLike
from pujiang.errors import InputError, nearest
from pujiang.experiment.explanation.asked import Asked
from pujiang.experiment.scenario import BASELINE, RunConfig
from pujiang.labelled import Dataset, Tree, dataset_in_xarray, in_xarray

if TYPE_CHECKING:
    import xarray as xr

    from pujiang.experiment.explanation.sides import Side
    from pujiang.results.compare.cases import Run

FEWEST_ORDERS = 2
Case: TypeAlias = "Run | Mapping[str, Any] | RunConfig"
"""A run as `compare` takes it; a scenario by name; what `run` takes, as a mapping; or a configuration."""


def explain(
    model: Loaded,
    /,
    *cases: "Case",
    a: "Case | None" = None,
    b: "Case | None" = None,
    ensemble: int | None = None,
    outcomes: Sequence[str] | None = None,
    year: int | None = None,
    group: Mapping[str, Sequence[str]] | str | None = None,
    orders: int | None = None,
    pathways: bool = True,
    loops: bool = True,
    hold: Sequence[str] = (),
    other: Loaded | None = None,
    folder: PathLike = "runs",
) -> "xr.DataTree":
    """Divide the difference between two trajectories among its causes: what B has more than A.

        explain("runs/A:baseline", "runs/A:new_core")        explain("latest:new_core")     with its baseline
        explain("exit_drought", {"scenario": "new_core", "levers": {"exit_window": 1}})
        explain(tree, a="baseline", b="new_core")

    Args:
        cases: A and B, or B alone, which is then held against its baseline; or one run, whose scenarios a and b are.
        a, b: the two by name; of one run where it is given.
        ensemble: members beside the central one; by default as many as the run of B has.
        outcomes: those whose pathways are followed; by default the headline outcomes.
        year: the year whose differences pathways explain; by default the last.
        group: levers to take together: by name of the group their names; "sector"; or "theme", as the page with levers
            has them.
        orders: pairs of orders to draw where not all coalitions of differences are run; by default all are up to a
            dozen differences.
        pathways, loops: whether to follow pathways, and to measure loops, beside dividing by lever.
        hold: variables to hold at their course in A, each by itself: what is then lost of each outcome.
        other: the model that B is run with, where it is another one; a case that is named alone is run with both. The
            model is then one of the differences, with its fit and data; of the central member, without pathways.
        folder: where ids of runs are looked for.

    Returns:
        `/levers` (difference, member, year[, element]): the parts of every outcome, which add up to B less A, with
        what each difference does `alone`, what is lost where it is `taken_back`, the sampling `error` of the parts,
        and of the central member the `joint` parts of two. `/annual`: both sides. `/pathways` (edge, time): every
        variable's difference divided among its causes; and what each link carries of an outcome (outcome, edge).
        Below it, as rows: what leaves each input (`sources`), passes between `variables` and `sectors`, through
        `stocks`, along the main `paths`; what is lost where a variable is `held`. `/trajectories`: every variable of
        both sides. `/loops` (loop, case, start): the gain of each loop on both sides, of a push when policy begins.

    Raises:
        InputError: for a case that does not exist or cannot be run, or two that do not differ.
    """
    followed = None if outcomes is None else tuple(outcomes)
    asked = Asked(followed, year, group, orders, pathways, loops, tuple(hold))
    return in_xarray(explanation(model, cases, asked, a=a, b=b, ensemble=ensemble, other=other, folder=folder))


def explanation(
    model: Loaded,
    cases: Sequence[Any],
    asked: Asked,
    *,
    a: Any = None,
    b: Any = None,
    ensemble: int | None = None,
    other: Loaded | None = None,
    folder: PathLike = "runs",
) -> Tree:
    """What `explain` gives, in our own arrays."""
    from pujiang.experiment.explanation.explain import explain as explained

    if other is not None:
        _refuse_between_models(ensemble, asked.hold)
    if asked.pairs is not None and asked.pairs < FEWEST_ORDERS:
        raise InputError(f"orders: found {asked.pairs}, needs {FEWEST_ORDERS} pairs or more to know their error")
    first, second = _two((model, other or model), cases, a, b, Path(folder))
    if first.config.simulation != second.config.simulation:
        raise InputError(
            f"explain: {first.label} and {second.label} are run over other years, or in other steps "
            f"({_steps(first.config)}; {_steps(second.config)}); run them alike"
        )
    size = 0 if other is not None else second.config.ensemble.size if ensemble is None else ensemble
    same = first.label == second.label
    sides = _side(model, first, " (A)" if same else ""), _side(other or model, second, " (B)" if same else "")
    how = replace(second.config.ensemble, size=size)
    theirs = None if other is None else other.system
    with np.errstate(all="ignore"):  # what is no number is said in one line
        tree = explained(model.system, *sides, second.config.simulation, how, asked, second.config.engine, theirs)
    _warn_of_what_is_no_number(tree.children["annual"])
    tree.attrs.update(titles=[side.scenario.title for side in sides], seed=how.seed)
    return tree


@dataclass(frozen=True)
class _Named:
    """One scenario of a configuration."""

    label: str
    config: RunConfig
    scenario: str


def _warn_of_what_is_no_number(annual: Dataset) -> None:
    for place, label in enumerate(annual["scenario"].values.tolist()):
        bad = [name for name, values in annual.arrays.items() if not np.isfinite(values.values[place]).all()]
        if bad:
            named = f"{', '.join(bad[:3])}{' and others' if len(bad) > 3 else ''}"
            warnings.warn(
                f"{label}: {named}: no finite number in every member and year; not divided there", stacklevel=4
            )


def _refuse_between_models(ensemble: int | None, hold: Sequence[str]) -> None:
    if ensemble:
        raise InputError(
            f"ensemble: found {ensemble}; members of two models have nothing in common: their central ones are compared"
        )
    if hold:
        raise InputError(f"hold: found '{hold[0]}'; of two models no variable can be held at its course in the other")


def _two(models: tuple[Loaded, Loaded], cases: Sequence[Any], a: Any, b: Any, folder: Path) -> tuple[_Named, _Named]:
    """The two cases that arguments name, each on its model."""
    model, other = models
    if models[0] is not models[1] and a is None and b is None and len(cases) < 2:
        cases = [*cases, *cases] or [BASELINE.name] * 2
    if len(cases) > 2 or (len(cases) == 2 and not (a is None and b is None)):
        raise InputError(f"explain: found {len(cases)} cases, takes two: A and B")
    if len(cases) == 2:
        return _named(model, cases[0], folder), _named(other, cases[1], folder)
    if not cases:
        if b is None:
            raise InputError("explain: needs two cases, or one to hold against its baseline: a run, or a scenario")
        found = _named(other, b, folder)
        return (_baseline_of(found) if a is None else _named(model, a, folder)), found
    if a is None and b is None:
        found = _named(model, cases[0], folder)
        return _baseline_of(found), found
    run, _ = _run_and_selector(cases[0])
    ours = _configuration(model, run, folder)
    theirs = ours if other is model else _configuration(other, run, folder)
    first, second = (BASELINE.name if name is None else name for name in (a, b))
    return _one_of(ours[0], first, ours[1]), _one_of(theirs[0], second, theirs[1])


def _named(model: Loaded, case: Any, folder: Path) -> _Named:
    if isinstance(case, RunConfig):
        return _one_of(case, "", "the configuration")
    if isinstance(case, Mapping):
        given = dict(case)
        return _one_of(model.configure(given.pop("scenario", BASELINE.name), **given), "", "the configuration")
    if isinstance(case, str) and case in model.options("scenario") and not Path(case).exists():
        return _one_of(model.configure(case), "" if case != BASELINE.name else case, case)
    run, selector = _run_and_selector(case)
    config, name = _configuration(model, run, folder)
    return _one_of(config, selector, name)


def _run_and_selector(case: Any) -> tuple[Any, str]:
    from pujiang.results.compare.cases import parted

    return parted(case)


def _configuration(model: Loaded, run: Any, folder: Path) -> tuple[RunConfig, str]:
    """The configuration of a run, which must be of this model."""
    from pujiang.results import run_folder

    facts: Mapping[Any, Any]
    if not isinstance(run, str | os.PathLike):
        facts, name = run.attrs, Path(str(run.attrs.get("run", "the tree"))).name
        text = str(facts.get("config", ""))
        if not text:
            raise InputError(
                "explain: the tree has no configuration among its attributes; it must come from pujiang.run"
            )
        config = model.configuration_in(text, name)
    else:
        try:
            path = run_folder.find(os.fspath(run), folder, wanted=run_folder.holds_scenarios)
        except InputError as error:
            hint = nearest(os.fspath(run), model.options("scenario"))
            raise InputError(f"{error}{hint and f'; or a scenario{hint}'}") from None
        facts, name = run_folder.read_manifest(path), path.name
        if facts.get("kind") == "sweep":
            raise InputError(f"explain: '{path}' is a sweep; name two configurations as words: scenario=NAME KEY=VALUE")
        for line in run_folder.damage(path, ["config.yaml"]):
            raise InputError(line)
        config = model.configuration_of(path)
    made_by = facts.get("model_hash", model.system.hash)
    if made_by != model.system.hash:
        raise InputError(
            f"explain: {name} was made with another model ({str(made_by)[:8]}); pujiang run --from {name} repeats it "
            "with this one, model=FILE model=FILE names those of A and B"
        )
    at_hand = {
        "data": (facts.get("data_hash"), model.evidence(config.evidence).sha256),
        "fit": (facts.get("fit"), f"{config.ensemble.kind} {model.fit(config.fit).hash}"),
    }
    for what, (then, now) in at_hand.items():
        if then not in (None, now):
            warnings.warn(
                f"{name} was made with other {what} than is at hand; it is explained with these", stacklevel=4
            )
    return config, name


def _one_of(config: RunConfig, selector: str, where: str) -> _Named:
    """The scenario a selector names; by default the only one beside the baseline."""
    known = [scenario.name for scenario in config.scenarios]
    if not selector:
        others = [name for name in known if name != BASELINE.name] or known
        if len(others) > 1:
            raise InputError(f"{where}: holds {', '.join(others)}; name one, as in {where}:{others[0]}")
        selector = others[0]
    if selector not in known:
        raise InputError(f"{where}: no scenario '{selector}'; it has {', '.join(known)}{nearest(selector, known)}")
    return _Named(selector, config, selector)


def _baseline_of(found: _Named) -> _Named:
    if found.scenario == BASELINE.name:
        raise InputError("explain: the baseline is held against itself; name another scenario")
    return _Named(BASELINE.name, found.config, BASELINE.name)


def _side(model: Loaded, named: _Named, mark: str) -> "Side":
    from pujiang.experiment.explanation.sides import Side

    scenario = next(s for s in named.config.scenarios if s.name == named.scenario)
    return Side(f"{named.label}{mark}", scenario, model.fit(named.config.fit), model.evidence(named.config.evidence))


def _steps(config: RunConfig) -> str:
    how = config.simulation
    return f"{how.first_year} to {how.last_year} by {how.dt:g}, {how.method}"


def loops(
    model: Loaded, /, scenario: PathLike | Sequence[PathLike] | RunConfig = "baseline", **settings: Any
) -> "xr.Dataset":
    """The measured gains of all loops in the baseline and in scenarios (loop, case, start).

    What an effect reads of its cause is raised by one per cent from each `start` on; `gain` is the share of what is
    read that comes back within five years: above 0 the loop reinforces, below it balances, from 1 on it would run
    away. `strongest` says when a loop is the strongest of its polarity.

    Args:
        scenario, settings: as for `run`; or a configuration.

    Raises:
        InputError: for a scenario there is not, or a model without loops.
    """
    config = scenario if isinstance(scenario, RunConfig) else model.configure(scenario, **settings)
    return dataset_in_xarray(loop_gains(model, config))


def loop_gains(model: Loaded, config: RunConfig) -> Dataset:
    """What `loops` gives, in our own arrays."""
    from pujiang.engine.simulate import engine_named
    from pujiang.experiment.explanation.loops import all_starts, loops_part
    from pujiang.experiment.inputs import series_profiles

    if not model.system.loops:
        raise InputError("loops: the model declares none")
    cases = {own.name: own.levers for own in config.scenarios}
    series = series_profiles(model.evidence(config.evidence))
    run, fit = engine_named(config.engine), model.fit(config.fit)
    return loops_part(model.system, fit.values, series, cases, run, all_starts(model.system))
