"""The model's own examination: equations, units, loops, conservation and extreme conditions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pujiang.engine.causality import Traced
from pujiang.engine.graph import strongly_connected
from pujiang.engine.paths import Path
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.experiment.extremes import EXTREMES, judge, reader
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_paths, series_paths
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.loops import traced_loops
from pujiang.experiment.scenario import Scenario

CUT_FROM = 2026.0
LOOPS_SEEN_AT = 2028.0
"""When the signs of links are read: after levers and cuts act, before the end."""

WITH_GOALS = "every goal set"
"""The case in which loops are read: levers that have no default are set."""


@dataclass(frozen=True)
class Finding:
    """One line of the examination."""

    name: str
    passed: bool
    line: str


def check(
    system: System, evidence: Evidence, fit: Fit, scenarios: tuple[Scenario, ...], engine: str = "auto"
) -> list[Finding]:
    """Examine a model: what `pujiang check` prints.

    A system that exists has passed the checks of names, units, dimensions and cycles; the rest is run here,
    with the fitted central values: every scenario, and every extreme condition.
    """
    equations = [v for v in system.variables.values() if v.expression is not None]
    findings = [
        Finding("equations", True, f"{len(equations)} equations read, every name resolved"),
        Finding("units", True, f"{len(equations)} equations close; 0 do not"),
        _feedback(system),
    ]
    series = series_paths(evidence)
    simulation = Simulation()
    central = {name: np.array([value]) for name, value in fit.values.items()}
    cases: dict[str, Mapping[str, Path]] = {
        s.name: lever_paths(system, s.levers, series, simulation.dt) for s in scenarios
    }
    extremes = [
        e for e in EXTREMES if e.levers.keys() <= system.levers.keys() and set(e.switches) <= set(system.switches)
    ]
    for extreme in extremes:
        paths = lever_paths(system, extreme.settings, series, simulation.dt)
        cases[extreme.name] = {**paths, **_cut(*extreme.switches)}
    goals = lever_paths(system, goals_set(system), series, simulation.dt)
    cases[WITH_GOALS] = goals
    cases |= {f"without {name}": {**goals, **_cut(loop.cut_by)} for name, loop in system.loops.items()}
    tree = simulate(system, central, series=series, scenarios=cases, simulation=simulation, engine=engine)
    annual, courses = tree["annual"].to_dataset(), tree["trajectories"].to_dataset()
    findings.extend(_numbers(json.loads(tree.attrs["certificate"]), len(cases)))
    findings.append(_history(courses, next(iter(cases))))
    base = reader(annual, courses, scenarios[0].name)
    for traced in traced_loops(system, fit, courses, series, goals, WITH_GOALS, LOOPS_SEEN_AT):
        findings.append(_loop(traced, courses))
    for extreme in extremes:
        for text, holds in judge(extreme, reader(annual, courses, extreme.name), base):
            findings.append(Finding(f"if {extreme.name}", holds, text))
    return findings


def goals_set(system: System) -> dict[str, LeverSetting]:
    """Levers without a default set half-way, so that loops through them are closed."""
    return {
        name: LeverSetting(target=sum(lever.bounds) / 2)
        for name, lever in system.levers.items()
        if lever.default is None
    }


def _cut(*switches: str) -> dict[str, Path]:
    """Switches cut from 2026 on."""
    return {name: Path((CUT_FROM,), (1.0,), (0.0,)) for name in switches}


def _loop(traced: Traced, courses: Any) -> Finding:
    """Whether a loop has its polarity, and whether cutting it changes what it runs through."""
    whole = courses.sel(scenario=WITH_GOALS, time=slice(CUT_FROM, None))
    cut = courses.sel(scenario=f"without {traced.name}", time=slice(CUT_FROM, None))
    changed = [name for name in traced.loop.through if bool((whole[name] != cut[name]).any())]
    broken = next((link for link in traced.links if link.sign == 0), None)
    passed = traced.as_declared and bool(changed)
    line = f"{traced.polarity}, {len(traced.links)} links; cut by {traced.loop.cut_by}"
    if broken is not None:
        line += f"; {broken.effect} does not answer to {broken.cause}"
    elif not traced.as_declared:
        line += f"; declared {traced.loop.polarity}"
    return Finding(f"loop {traced.name}", passed, line if changed else f"{line}, which changes nothing in it")


def _feedback(system: System) -> Finding:
    """How much of the model stands in feedback, by the strongly connected parts of the causal graph."""
    graph = {name: set(v.causes) & set(system.variables) for name, v in system.variables.items()}
    parts = strongly_connected(graph)
    largest = max(parts, key=len)
    stocks = sum(system.variables[name].kind == "stock" for name in largest)
    loops = sum(len(part) > 1 for part in parts)
    line = f"{len(largest)} variables, {stocks} of them stocks, in one web of loops; {loops} webs in all"
    return Finding("feedback", len(largest) > 1, line)


def _numbers(certificate: Mapping[str, Any], cases: int) -> list[Finding]:
    conserved = {name: float(residual) for name, residual in certificate["conservation"].items()}
    worst_family = max(conserved, key=lambda name: conserved[name])
    halving = {name: float(error["worst"]) for name, error in certificate["step_halving"].items()}
    worst_outcome = max(halving, key=lambda name: halving[name])
    other = [line for line in certificate["failures"] if "unaccounted" not in line and "halving" not in line]
    return [
        Finding(
            "conservation",
            conserved[worst_family] <= 1e-9,
            f"{len(conserved)} families ({', '.join(conserved)}) in {cases} runs; "
            f"worst residual {conserved[worst_family]:.0e} ({worst_family})",
        ),
        Finding(
            "step size",
            halving[worst_outcome] <= 0.005,
            f"halving the step moves no outcome by more than {halving[worst_outcome]:.1e} ({worst_outcome})",
        ),
        Finding(
            "finite, not negative",
            not other,
            other[0] if other else f"every variable in {cases} runs, extremes included",
        ),
    ]


def _history(courses: Any, baseline: str) -> Finding:
    """Whether every scenario shares the baseline's history to the last bit."""
    past = courses.sel(time=slice(None, CUT_FROM))
    differing = sorted(
        name
        for name, values in past.data_vars.items()
        if values.attrs["kind"] == "stock" and not bool((values == values.sel(scenario=baseline)).all())
    )
    line = "all stocks equal at 2026.0 in every run" if not differing else f"differs in {', '.join(differing[:5])}"
    return Finding("one history", not differing, line)
