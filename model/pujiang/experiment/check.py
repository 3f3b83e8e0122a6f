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
from pujiang.experiment.loops import SEEN_AT, levers_that_close, moment, traced
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
        Finding(
            "equations",
            bool(equations),
            f"{len(equations)} read, every name found, every unit closed: a model with a fault is not built",
        ),
        _feedback(system),
    ]
    series = series_paths(evidence)
    simulation = Simulation(*system.calendar.span)
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
    for name, loop in system.loops.items():
        cases[f"with {name}"] = lever_paths(system, levers_that_close(system, loop), series, simulation.dt)
        cases[f"without {name}"] = {**cases[f"with {name}"], **_cut(loop.cut_by)}
    tree = simulate(system, central, series=series, scenarios=cases, simulation=simulation, engine=engine)
    annual, courses = tree["annual"].to_dataset(), tree["trajectories"].to_dataset()
    findings.extend(_numbers(json.loads(tree.attrs["certificate"]), len(cases)))
    findings.append(_history(courses, next(iter(cases))))
    base = reader(annual, courses, scenarios[0].name)
    for name in system.loops:
        case = f"with {name}"
        values = moment(system, fit, courses, series, cases[case], case, SEEN_AT)
        findings.append(_loop(traced(system, name, values), courses))
    for extreme in extremes:
        for text, holds in judge(extreme, reader(annual, courses, extreme.name), base):
            findings.append(Finding(f"if {extreme.name}", holds, text))
    return findings


def _cut(*switches: str) -> dict[str, Path]:
    """Switches cut from 2026 on."""
    return {name: Path((CUT_FROM,), (1.0,), (0.0,)) for name in switches}


def _loop(found: Traced, courses: Any) -> Finding:
    """Whether a loop has its polarity, and whether cutting it changes what it runs through."""
    whole = courses.sel(scenario=f"with {found.name}", time=slice(CUT_FROM, None))
    cut = courses.sel(scenario=f"without {found.name}", time=slice(CUT_FROM, None))
    changed = [name for name in found.loop.through if bool((whole[name] != cut[name]).any())]
    broken = next((link for link in found.links if link.sign == 0), None)
    passed = found.as_declared and bool(changed)
    line = f"{found.polarity}, {len(found.links)} links; cut by {found.loop.cut_by}"
    if found.loop.when:
        line += "; seen at " + ", ".join(f"{lever} {value:g}" for lever, value in found.loop.when.items())
    if broken is not None:
        line += f"; {broken.effect} does not answer to {broken.cause}"
    elif not found.as_declared:
        line += f"; declared {found.loop.polarity}"
    return Finding(f"loop {found.name}", passed, line if changed else f"{line}, which changes nothing in it")


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
    worst_family = max(conserved, key=lambda name: conserved[name], default="")
    halving = {name: float(error["worst"]) for name, error in certificate["step_halving"].items()}
    worst_outcome = max(halving, key=lambda name: halving[name])
    other = [line for line in certificate["failures"] if "unaccounted" not in line and "halving" not in line]
    kept = (
        [
            Finding(
                "conservation",
                conserved[worst_family] <= 1e-9,
                f"{len(conserved)} families ({', '.join(conserved)}) in {cases} runs; "
                f"worst residual {conserved[worst_family]:.0e} ({worst_family})",
            )
        ]
        if conserved
        else []
    )  # a model may declare nothing that is conserved
    return [
        *kept,
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
