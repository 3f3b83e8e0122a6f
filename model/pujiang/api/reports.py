"""Compare runs, and report on them."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.api.loaded import Loaded, PathLike
from pujiang.errors import InputError, ModelError
from pujiang.experiment.explanation.asked import Asked
from pujiang.experiment.scenario import BASELINE
from pujiang.labelled import Tree
from pujiang.results.checked import check_tree
from pujiang.results.record import config_in

if TYPE_CHECKING:
    import xarray as xr

    from pujiang.declare import Lever
    from pujiang.evidence import Evidence
    from pujiang.results.compare import Comparison
    from pujiang.results.compare.cases import Run


def compare(
    model: Loaded,
    /,
    *runs: "Run",
    baseline: "Run | None" = None,
    outcomes: Sequence[str] | None = None,
    folder: PathLike = "runs",
) -> "Comparison":
    """Compare scenarios of runs, and points of sweeps, with one of them: see `pujiang.results.compare.compare`."""
    from pujiang.results.compare import compare as compared

    return compared(*runs, baseline=baseline, outcomes=outcomes, folder=Path(folder), models=dict([_levers(model)]))


def report(
    model: Loaded,
    /,
    *runs: "PathLike | xr.DataTree",
    title: str | None = None,
    question: str | None = None,
    language: str | None = None,
    folder: PathLike = "runs",
) -> str:
    """One HTML text on a run or several, to read, print and hand on.

    Args:
        runs: folders, ids, "latest", or trees that `open` read; by default the latest run. Of a part of one,
            "RUN:SCENARIO,SCENARIO", these scenarios beside the baseline.
        title, question: by default made from the scenarios.
        language: "en" or "zh"; by default that of the first run.
        folder: where ids are looked for.

    Raises:
        InputError: for a run that does not exist or holds no scenarios.
    """
    from pujiang.results import run_folder
    from pujiang.results.compare.cases import parted
    from pujiang.results.places import is_url
    from pujiang.results.report import report as reported
    from pujiang.results.report.parts import part_of

    model_hash, levers = _levers(model)
    named = runs or ("latest",)
    picked = [parted(run) for run in named]
    trees: list[Any] = []
    for run, _ in picked:
        if not isinstance(run, str):
            check_tree(run, "report: the tree")
            trees.append(run)
        elif is_url(run):
            trees.append(run_folder.open(run))
        else:
            trees.append(run_folder.read(run, Path(folder), parts=("annual", *run_folder.OPTIONAL)))
    trees = [part_of(tree, selector) for tree, (_, selector) in zip(trees, picked, strict=True)]
    if len(trees) == 1 and trees[0].attrs.get("kind") == "sweep" and "run" in trees[0].attrs:
        from pujiang.results.report.sweep_page import sweep_report

        own = language or setting(trees[0], "output", "lang") or "en"
        return sweep_report(trees[0], title=title, question=question, language=own)
    return reported(
        trees,
        [_evidence(model, tree) for tree in trees],
        levers,
        model_hash=model_hash,
        explain=_explainer(model, trees),
        title=title,
        question=question,
        language=language or setting(trees[0], "output", "lang") or "en",
    )


RUNS = 3_000
"""Runs a report makes to divide differences, about: some seconds."""
FEWEST = 19
"""Members below which a part has no band worth telling: the central one alone is divided."""


def _explainer(model: Loaded, trees: "Sequence[xr.DataTree]") -> "Callable[[int, str, list[str]], Tree | None]":
    """Divides the difference of a scenario of one of the trees, over as many members as there is time for.

    None where the model that made the run is not at hand, or there is nothing to divide.
    """
    from pujiang.api.explanations import explanation

    scenarios = sum(len(config_in(tree.attrs).get("scenarios", ())) - 1 for tree in trees)

    def explained(run: int, scenario: str, outcomes: list[str]) -> Tree | None:
        tree = trees[run]
        entry: Mapping[str, Any] = next(
            (s for s in config_in(tree.attrs).get("scenarios", ()) if s["name"] == scenario), {}
        )
        count = len(entry.get("levers") or {}) + len(entry.get("parameters") or {})
        coalitions = 2**count if count <= EXACT else 2 * SAMPLED * count
        size = min(int(tree["annual"].sizes["member"]) - 1, RUNS // (coalitions * max(scenarios, 1)) - 1)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that the fit or data are others stands in the report already
                return explanation(
                    model,
                    [tree],
                    Asked(tuple(outcomes), pairs=None if count <= EXACT else SAMPLED, loops=False),
                    a=BASELINE.name,
                    b=scenario,
                    ensemble=size if size >= FEWEST else 0,
                )
        except (InputError, ModelError):
            return None

    return explained


EXACT, SAMPLED = 8, 4
"""Levers up to which all coalitions are run for a report, and pairs of orders drawn beyond."""


def _levers(model: Loaded) -> "tuple[str, Mapping[str, Lever]]":
    """Hash and levers of the model; none where somebody is at work on it: runs are read all the same."""
    try:
        return model.system.hash, model.system.levers
    except ModelError:
        return "", {}


def _evidence(model: Loaded, tree: "xr.DataTree") -> "Evidence | None":
    """The evidence a run was made with, as it is now; None where its folder is gone or faulty."""
    try:
        return model.evidence(setting(tree, "evidence") or "shipped")
    except (InputError, ModelError):
        return None


def setting(tree: "xr.DataTree", *keys: str) -> str:
    """A setting of a run's configuration; empty where it has none."""
    found: Any = config_in(tree.attrs)
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return str(found) if found is not None else ""
