"""What a page knows: the model's inputs and members, its levers and outcomes, cases to start from, goals, words."""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from pujiang.engine.browser import outcomes_written
from pujiang.engine.profiles import Profile
from pujiang.engine.shown import annual_unit
from pujiang.engine.simulate import Simulation, parameter_array
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.experiment.scenario import setting_as_mapping
from pujiang.labelled import Dataset
from pujiang.presentation import Outcome
from pujiang.results.page.assemble import chinese
from pujiang.results.page.case import Case
from pujiang.results.page.encyclopedia import inputs_told, loops_told, variables_told
from pujiang.results.page.evidence import observations_told
from pujiang.results.page.sliders import levers_told
from pujiang.results.words import chinese as results_in_chinese
from pujiang.results.words import words_in

LANGUAGES = ("en", "zh")

TrackRecord = Mapping[str, Mapping[str, str]]
"""How well an outcome was foretold from earlier data: by its scalar name, a sentence by language."""


def page_content(
    system: System,
    evidence: Evidence,
    members: Mapping[str, Any],
    series: Mapping[str, Profile],
    simulation: Simulation,
    scenarios: Sequence[Case],
    shocks: Sequence[Case],
    *,
    title: str,
    made_of: Mapping[str, str],
    track_record: TrackRecord,
    diagrams: Mapping[str, Mapping[str, str]],
    error: Dataset | None = None,
) -> dict[str, Any]:
    """Everything a page holds beside the program, as plain values.

    Args:
        members: values (member,) of every uncertain parameter by scalar name, the central one first.
        series: the profiles of the data inputs, by name.
        scenarios: cases to start from, the baseline first.
        made_of: facts that tell where the page comes from, each under its English word.
        track_record: of the outcomes that have one.
        diagrams: SVG without a style, by `sector`, `loop` and `around`, and by name.
        error: the errors of the model in each member, as a run's /model_error. Those of headline outcomes and of goals
            go into the page; all would be as large as the rest of it.
    """
    calendar, grid = system.calendar, simulation.grid()
    says = {language: words_in(language, system.presentation) for language in LANGUAGES}
    observed = observations_told(evidence, outcomes_written(system))
    varying = list(members)
    values = np.column_stack([members[name] for name in varying]) if varying else np.empty((1, 0))
    places = {name: place for place, name in enumerate(system.parameter_names)}
    used = {*system.program.series, *(lever.history for lever in system.levers.values() if lever.history)}
    shown = _shown(system)
    carried = [scalar for group in shown for scalar in group["outcomes"]]
    carried = list(dict.fromkeys([*carried, *(g.outcome for g in system.presentation.goals if g.modelled)]))
    carried = [] if error is None else [name for name in carried if name in error["outcome"].values.tolist()]
    return {
        "title": title,
        "place": system.presentation.place,
        "policyFrom": calendar.policy_from,
        "latestDate": calendar.lever_dates[1],
        "years": simulation.years.tolist(),
        "grid": {
            "start": grid.start, "steps": grid.steps, "dt": grid.dt, "method": simulation.method,
            "actsFrom": calendar.lever_dates[0],
        },
        "defaults": _packed(parameter_array(system, {}, 1)[:, 0]),
        "varying": [places[name] for name in varying],
        "members": {"count": len(values), "values": _packed(values)},
        "series": {name: asdict(series[name]) for name in sorted(used)},
        "levers": levers_told(system, [*scenarios, *shocks]),
        "leverGroups": system.presentation.lever_groups(system.levers),
        "outcomes": [
            {
                **_outcome(system, scalar, says),
                "observed": observed.get(scalar, []),
                "record": track_record.get(scalar),
                "error": carried.index(scalar) if scalar in carried else -1,
            }
            for scalar in outcomes_written(system)
        ],
        "errors": "" if error is None else _packed(_rows(error, carried), "<f4"),
        "shown": shown,
        "variables": variables_told(system),
        "inputs": inputs_told(system),
        "loops": loops_told(system),
        "sectors": list(diagrams["sector"]),
        "diagrams": _deflated(diagrams),
        "scenarios": [_case(case, places) for case in scenarios],
        "shocks": [_case(case, places) for case in shocks],
        "goals": [asdict(goal) for goal in system.presentation.goals],
        "madeOf": dict(made_of),
        "zh": {**results_in_chinese(), **says["zh"].city.labels, **chinese()},
    }  # fmt: skip


def _packed(values: Any, kind: str = "<f8") -> str:
    """Numbers to the last bit: little-endian doubles (or another kind) in base 64."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode()


def _deflated(value: Any) -> str:
    """Plain values as JSON, compressed, in base 64."""
    return base64.b64encode(zlib.compress(json.dumps(value, ensure_ascii=False).encode(), 9)).decode()


def _rows(error: Dataset, names: Sequence[str]) -> Any:
    """Errors (outcome, draw, year) of outcomes, without the central member, which has none."""
    places = [error["outcome"].values.tolist().index(name) for name in names]
    return error["error"].values[places, 1:]


def _case(case: Case, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": case.name,
        "title": case.title,
        "meaning": case.meaning,
        "settings": {name: setting_as_mapping(setting) for name, setting in case.levers.items()},
        "parameters": [[places[name], value, name] for name, value in case.parameters.items()],
    }


def _outcome(system: System, scalar: str, says: Mapping[str, Any]) -> dict[str, Any]:
    name, _, element = scalar.partition(".")
    over = system.variables[name].over
    shown: dict[str, dict[str, Any]] = {}
    for language, say in says.items():
        found: Outcome = say.outcome(name)
        part = say.element(over.name, element) if over is not None else ""
        label = f"{found.label}{', ' if language == 'en' else '，'}{part}" if part else found.label
        short = f"{found.short}{', ' if language == 'en' else '，'}{part}" if part else found.short
        shown[language] = {
            "label": label, "short": short, "unit": found.unit, "scale": found.scale, "decimals": found.decimals,
        }  # fmt: skip
    declared = system.presentation.outcome(name)
    return {
        "scalar": scalar,
        "name": name,
        "element": element,
        "unit": annual_unit(system.variables[name]),
        "difference": declared.difference,
        "better": declared.better,
        "words": shown,
    }


def _shown(system: System) -> list[dict[str, Any]]:
    """The groups of panels shown at first: the headline outcomes, those over a dimension by their elements."""
    groups = system.presentation.headline or {"Outcomes": system.outcomes[:12]}
    found = []
    for group, names in groups.items():
        scalars = [scalar for name in names if name in system.variables for scalar in system.scalar_names(name)]
        found.append({"title": group, "outcomes": scalars})
    return found
