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
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, simulated
from pujiang.engine.system import System
from pujiang.errors import nearest
from pujiang.evidence import Evidence
from pujiang.experiment.extremes import judge, reader
from pujiang.experiment.fit import Fit
from pujiang.experiment.gains import Gain, gain, pushed_links
from pujiang.experiment.inputs import lever_profiles, series_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.loops import levers_that_close, moment, seen_at, traced_loop, written
from pujiang.experiment.scenario import Scenario


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
    since = float(system.calendar.policy_from)
    equations = [v for v in system.variables.values() if v.expression is not None]
    findings = [
        Finding(
            "equations",
            bool(equations),
            f"{len(equations)} read, every name found, every unit closed: a model with a fault is not built",
        ),
        _feedback(system),
        _names(system, evidence),
    ]
    series = series_profiles(evidence)
    simulation = Simulation(*system.calendar.run)
    central = {name: np.array([value]) for name, value in fit.values.items()}
    cases: dict[str, dict[str, Profile]] = {
        s.name: lever_profiles(system, s.levers, series, simulation.dt) for s in scenarios
    }
    extremes = [
        e for e in extremes if e.levers.keys() <= system.levers.keys() and set(e.without) <= system.variables.keys()
    ]
    loops = {name: loop.cuts for name, loop in system.loops.items()}
    pushes = {f"{name} pushed": (cut,) for name, cut in pushed_links(system).items()}
    system = with_cuts(system, loops | pushes | {extreme.name: extreme.cuts for extreme in extremes if extreme.without})
    for extreme in extremes:
        settings = {name: LeverSetting(target=value) for name, value in extreme.levers.items()}
        cases[extreme.name] = lever_profiles(system, settings, series, simulation.dt)
        if extreme.without:
            cases[extreme.name] |= cut_from(since, extreme.name)
    for name, loop in system.loops.items():
        cases[f"with {name}"] = lever_profiles(system, levers_that_close(system, loop), series, simulation.dt)
        cases[f"without {name}"] = {**cases[f"with {name}"], **cut_from(since, name)}
        cases[f"{name} pushed"] = {**cases[f"with {name}"], **cut_from(since, f"{name} pushed")}
    tree = simulated(system, central, series=series, scenarios=cases, simulation=simulation, engine=engine)
    annual, courses = tree["annual"], tree["trajectories"]
    findings.extend(_numbers(json.loads(tree.attrs["certificate"]), len(cases)))
    findings.append(_history(courses, next(iter(cases)), since))
    base = reader(annual, courses, scenarios[0].name)
    for name in system.loops:
        case = f"with {name}"
        values = moment(system, fit, courses, series, cases[case], case, seen_at(system))
        findings.append(_loop(traced_loop(system, name, values), courses, since))
    for name, loop in system.loops.items():
        whole, pushed = (courses.sel(scenario=case) for case in (f"with {name}", f"{name} pushed"))
        found = gain(name, pushes[f"{name} pushed"][0], whole, pushed, since)
        findings.append(_gain(found, loop.polarity))
    for extreme in extremes:
        for text, holds in judge(extreme, reader(annual, courses, extreme.name), base):
            findings.append(Finding(f"if {extreme.name}", holds, text))
    return findings


def _names(system: System, evidence: Evidence) -> Finding:
    """Whether the outcomes that observations and goals name are reported; an unknown one would count for nothing."""
    named = {o.outcome: f"the observation {o.series}" for o in evidence.observations if o.outcome}
    named |= {goal.outcome: f"the goal '{goal.text}'" for goal in system.presentation.goals if goal.modelled}
    unknown = [
        f"{who} names '{name}'{nearest(name.partition('.')[0], system.outcomes)}"
        for name, who in named.items()
        if name.partition(".")[0] not in system.outcomes
    ]
    return Finding("names", not unknown, "; ".join(unknown) or f"{len(named)} outcomes of observations and goals exist")


def _gain(found: Gain, polarity: str) -> Finding:
    """Whether what comes back round a loop has the sign its code says, in the short run or the long."""
    sign = 1 if polarity == "reinforcing" else -1
    passed = any(sign * value > 0 for value in found.over.values())
    over = ", ".join(f"{100 * value:+.2g} % in {years} years" for years, value in found.over.items())
    return Finding(f"gain of {found.loop}", passed, f"{over}, of {found.cause}")


def _loop(found: Traced, courses: Any, since: float) -> Finding:
    """Whether a loop has its polarity, and whether cutting it changes what it runs through."""
    whole = courses.sel(scenario=f"with {found.name}", time=slice(since, None))
    cut = courses.sel(scenario=f"without {found.name}", time=slice(since, None))
    changed = [name for name in found.loop.through if not np.array_equal(whole[name].values, cut[name].values)]
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


def _history(courses: Any, baseline: str, since: float) -> Finding:
    """Whether every scenario shares the baseline's history to the last bit."""
    past = courses.sel(time=slice(None, since))
    differing = sorted(
        name
        for name, values in past.data_vars.items()
        if values.attrs["kind"] == "stock" and not (values.values == values.sel(scenario=[baseline]).values).all()
    )
    line = f"all stocks equal at {since} in every run" if not differing else f"differs in {', '.join(differing[:5])}"
    return Finding("one history", not differing, line)
