"""A page with levers, in which the model runs in the reader's browser."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.api.loaded import Loaded, PathLike
from pujiang.errors import InputError

if TYPE_CHECKING:
    from pujiang.experiment.scenario import RunConfig
    from pujiang.results.page import Case

SHARED = ("simulation", "ensemble", "fit", "evidence")
"""What runs must have in common to stand on one page: members and data are of the page, not of a case."""


def page(
    model: Loaded,
    /,
    *runs: PathLike,
    language: str = "en",
    title: str | None = None,
    folder: PathLike = "runs",
    ensemble: int | Mapping[str, Any] | None = None,
    track_record: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """One self-contained HTML text in which the whole model runs: levers, cases, fans, goals.

    Args:
        runs: folders or ids of runs whose scenarios it starts from beside the project's, and whose fit, evidence and
            members it takes; without one, those of the configuration.
        language: "en" or "zh" at first; the reader may change it.
        title: by default that of the project.
        folder: where ids are looked for.
        ensemble: the number of members, or a mapping of size, seed, kind; not beside runs, which have theirs.
        track_record: how well an outcome was foretold from earlier data: by its scalar name, a sentence by language; by
            default what hindcasts of the project found.

    Raises:
        InputError: for a run that does not exist, or runs whose members or data differ.
    """
    from pujiang.engine.browser import outcomes_written, script
    from pujiang.exchange.gallery import pictures
    from pujiang.experiment.run import errors_of, inputs_of
    from pujiang.results.page import assembled, page_content
    from pujiang.results.page.content import LANGUAGES
    from pujiang.results.track_record import sentence
    from pujiang.results.words import words_in

    if language not in ("en", "zh"):
        raise InputError(f"language is '{language}'; allowed: en, zh")
    if runs and ensemble is not None:
        raise InputError("page: ensemble: the members are those of the runs; name no run, or no ensemble")
    configs = [_config(model, run, Path(folder)) for run in runs]
    project = model.configure(list(model.options("scenario")), ensemble=ensemble)
    config = configs[0][1] if configs else project
    _refuse_apart(configs)
    evidence, fit = model.evidence(config.evidence), model.fit(config.fit)
    inputs = inputs_of(config, model.system, evidence, fit)
    shown = model.system.presentation
    told = {language: words_in(language, shown) for language in LANGUAGES}
    records = {name: {at: sentence(shown, name, say) for at, say in told.items()} for name in shown.records}
    content = page_content(
        model.system,
        evidence,
        inputs["parameters"],
        inputs["series"],
        config.simulation,
        _scenarios(configs, project),
        _shocks(model),
        title=title or model.project.title or model.project.name,
        made_of={
            "Version": _version(),
            "Model hash": model.system.hash[:12],
            "Data hash": evidence.sha256[:12],
            "Fit": fit.hash[:12],
            "Members": f"{config.ensemble.size}, {config.ensemble.kind}, seed {config.ensemble.seed}",
        },
        track_record=records if track_record is None else track_record,
        diagrams=pictures(model.system, (name.partition(".")[0] for name in outcomes_written(model.system))),
        error=errors_of(config, model.system, evidence, inputs, model.discrepancy),
    )
    return assembled(content, script(model.system, config.simulation.dt), language)


def _config(model: Loaded, run: PathLike, folder: Path) -> "tuple[str, RunConfig]":
    from pujiang.results import run_folder

    found = run_folder.find(run, folder, run_folder.holds_scenarios)
    return found.name, model.configuration_of(found)


def _refuse_apart(configs: "Sequence[tuple[str, RunConfig]]") -> None:
    for name, config in configs[1:]:
        for key in SHARED:
            if getattr(config, key) != getattr(configs[0][1], key):
                raise InputError(
                    f"page: {name} has another {key} than {configs[0][0]}; runs of one page share {', '.join(SHARED)}"
                )


def _scenarios(configs: "Sequence[tuple[str, RunConfig]]", project: "RunConfig") -> "list[Case]":
    """Those of the project and those of runs that differ from them; the baseline first."""
    from pujiang.results.page import Case

    found = {one.name: one for one in project.scenarios}
    for run, config in configs:
        for one in config.scenarios:
            known = found.get(one.name)
            if known is None or (known.levers, known.parameters) != (one.levers, one.parameters):
                own = one if known is None else replace(one, name=f"{one.name}_{run[-4:]}")
                found[own.name] = own
    return [Case(one.name, one.title, one.meaning, one.levers, one.parameters) for one in found.values()]


def _shocks(model: Loaded) -> "list[Case]":
    from pujiang.configuration.folders import read_yaml
    from pujiang.results.page import Case

    found = []
    for name, path in model.options("shock").items():
        laid = model.configure("baseline", shock=name).scenarios
        if len(laid) > 1:  # "none" changes nothing
            told: Mapping[str, Any] = read_yaml(path).content
            meaning = " ".join(str(told.get("meaning", "")).split())
            found.append(Case(name, str(told.get("title", name)), meaning, laid[1].levers))
    return found


def _version() -> str:
    try:
        return version("pujiang")
    except PackageNotFoundError:
        return "source"
