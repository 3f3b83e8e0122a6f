"""The model's own examination: equations, units, loops, conservation and extreme conditions."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pujiang.conditions import Extreme
from pujiang.engine.causality import Traced
from pujiang.engine.cut import cut_from, with_cuts
from pujiang.engine.graph import strongly_connected
from pujiang.engine.paths import Path
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.experiment.extremes import judge, reader
from pujiang.experiment.fit import Fit
from pujiang.experiment.gains import EARLY, LAST_YEAR, Gain, gains
from pujiang.experiment.inputs import lever_paths, series_paths
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.loops import levers_that_close, moment, traced, written
from pujiang.experiment.scenario import Scenario

CUT_FROM = 2026.0
LOOPS_SEEN_AT = 2028.0
"""When the signs of links are read: after levers and cuts act, before the end."""


FAINT_GAIN = 0.005
"""A gain smaller than this is next to nothing."""


@dataclass(frozen=True)
class Finding:
    """One line of the examination."""

    name: str
    passed: bool
    line: str


def check(
    system: System,
    evidence: Evidence,
    fit: Fit,
    scenarios: tuple[Scenario, ...],
    extremes: Iterable[Extreme] = (),
    engine: str = "auto",
) -> list[Finding]:
    """Examine a model: what `pujiang check` prints.

    A system that exists has passed the checks of names, units, dimensions and cycles; the rest is run here,
    with the fitted central values: every scenario, every loop whole and cut, and every extreme condition whose
    levers and variables the model has.
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
    simulation = Simulation()
    central = {name: np.array([value]) for name, value in fit.values.items()}
    cases: dict[str, dict[str, Path]] = {
        s.name: lever_paths(system, s.levers, series, simulation.dt) for s in scenarios
    }
    extremes = [
        e for e in extremes if e.levers.keys() <= system.levers.keys() and set(e.without) <= system.variables.keys()
    ]
    whole = system
    loops = {name: loop.cuts for name, loop in system.loops.items()}
    system = with_cuts(system, loops | {extreme.name: extreme.cuts for extreme in extremes if extreme.without})
    for extreme in extremes:
        settings = {name: LeverSetting(target=value) for name, value in extreme.levers.items()}
        cases[extreme.name] = lever_paths(system, settings, series, simulation.dt)
        if extreme.without:
            cases[extreme.name] |= cut_from(CUT_FROM, extreme.name)
    for name, loop in system.loops.items():
        cases[f"with {name}"] = lever_paths(system, levers_that_close(system, loop), series, simulation.dt)
        cases[f"without {name}"] = {**cases[f"with {name}"], **cut_from(CUT_FROM, name)}
    tree = simulate(system, central, series=series, scenarios=cases, simulation=simulation, engine=engine)
    annual, courses = tree["annual"].to_dataset(), tree["trajectories"].to_dataset()
    findings.extend(_numbers(json.loads(tree.attrs["certificate"]), len(cases)))
    findings.append(_history(courses, next(iter(cases))))
    base = reader(annual, courses, scenarios[0].name)
    for name in system.loops:
        case = f"with {name}"
        values = moment(system, fit, courses, series, cases[case], case, LOOPS_SEEN_AT)
        findings.append(_loop(traced(system, name, values), courses))
    findings.extend(_gain(gain, whole.loops[gain.loop].polarity) for gain in gains(whole, fit, series, {}, engine))
    for extreme in extremes:
        for text, holds in judge(extreme, reader(annual, courses, extreme.name), base):
            findings.append(Finding(f"if {extreme.name}", holds, text))
    return findings


def _gain(gain: Gain, polarity: str) -> Finding:
    """Whether a loop called reinforcing is one: early, or in the end; what is smaller than FAINT_GAIN is nothing."""
    best = np.nanmax([gain.early, gain.value, -np.inf])
    line = f"{gain.value:+.3f} to {LAST_YEAR}, {gain.early:+.3f} to {EARLY:.0f}, pushed by {gain.lever}"
    return Finding(f"gain of {gain.loop}", polarity != "reinforcing" or bool(best > -FAINT_GAIN), line)


def _loop(found: Traced, courses: Any) -> Finding:
    """Whether a loop has its polarity, and whether cutting it changes what it runs through."""
    whole = courses.sel(scenario=f"with {found.name}", time=slice(CUT_FROM, None))
    cut = courses.sel(scenario=f"without {found.name}", time=slice(CUT_FROM, None))
    changed = [name for name in found.loop.through if bool((whole[name] != cut[name]).any())]
    broken = next((link for link in found.links if link.sign == 0), None)
    passed = found.as_declared and bool(changed)
    line = f"{found.loop.code}, {found.polarity}, {len(found.links)} links; cut at {written(found.loop)}"
    if found.loop.when:
        line += "; seen at " + ", ".join(f"{lever} {value:g}" for lever, value in found.loop.when.items())
    if broken is not None:
        line += f"; {broken.effect} does not answer to {broken.cause}"
    elif not found.as_declared:
        line += f"; its code says {found.loop.polarity}"
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
