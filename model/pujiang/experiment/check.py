"""The model's own examination: equations, units, loops, conservation and extreme conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pujiang.engine.paths import Path
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.experiment.extremes import EXTREMES, judge, reader
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_paths, series_paths
from pujiang.experiment.scenario import Scenario

CUT_FROM = 2026.0


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
        _loops(system),
    ]
    series = series_paths(evidence)
    simulation = Simulation()
    central = {name: np.array([value]) for name, value in fit.values.items()}
    cases: dict[str, Mapping[str, Path]] = {
        s.name: lever_paths(system, s.levers, series, simulation.dt) for s in scenarios
    }
    for extreme in EXTREMES:
        cut = {name: Path((CUT_FROM,), (1.0,), (0.0,)) for name in extreme.switches}
        cases[extreme.name] = {**lever_paths(system, extreme.settings, series, simulation.dt), **cut}
    tree = simulate(system, central, series=series, scenarios=cases, simulation=simulation, engine=engine)
    annual, courses = tree["annual"].to_dataset(), tree["trajectories"].to_dataset()
    import json

    findings.extend(_numbers(json.loads(tree.attrs["certificate"]), len(cases)))
    findings.append(_history(courses, next(iter(cases))))
    base = reader(annual, courses, scenarios[0].name)
    for extreme in EXTREMES:
        for text, holds in judge(extreme, reader(annual, courses, extreme.name), base):
            findings.append(Finding(f"if {extreme.name}", holds, text))
    return findings


def _loops(system: System) -> Finding:
    """How much of the model stands in feedback, by the strongly connected parts of the causal graph."""
    graph = {name: set(v.causes) & set(system.variables) for name, v in system.variables.items()}
    parts = strongly_connected(graph)
    largest = max(parts, key=len)
    stocks = sum(system.variables[name].kind == "stock" for name in largest)
    loops = sum(len(part) > 1 for part in parts)
    line = f"{len(largest)} variables, {stocks} of them stocks, in one web of loops; {loops} webs in all"
    return Finding("feedback", len(largest) > 1, line)


def strongly_connected(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Sets of variables that all cause each other, directly or not (a variable alone is a set of one)."""
    reach = {name: _reachable(graph, name) for name in graph}
    parts: list[set[str]] = []
    placed: set[str] = set()
    for name in graph:
        if name not in placed:
            part = {other for other in reach[name] if name in reach[other]} | {name}
            parts.append(part)
            placed |= part
    return parts


def _reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    todo = list(graph[start])
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(graph[name])
    return found


def _numbers(certificate: Mapping[str, Any], cases: int) -> list[Finding]:
    conserved = certificate["conservation"]
    worst_family = max(conserved, key=conserved.get)
    halving = {name: error["worst"] for name, error in certificate["step_halving"].items()}
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
            "finite, not negative", not other, other[0] if other else f"every variable in {cases} runs, extremes included"
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
