"""An explanation from beginning to end: two sides in, one tree out."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pujiang.engine.simulate import Simulation, engine_named
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.experiment.explanation import tree
from pujiang.experiment.explanation.asked import Asked
from pujiang.experiment.explanation.by_lever import by_lever
from pujiang.experiment.explanation.held import lost
from pujiang.experiment.explanation.loops import loops_part
from pujiang.experiment.explanation.models import on_two_models
from pujiang.experiment.explanation.routes import central
from pujiang.experiment.explanation.sides import GROUPINGS, Side, Sides, grouped, sides
from pujiang.experiment.inputs import series_profiles
from pujiang.experiment.scenario import EnsembleConfig
from pujiang.labelled import Tree


def explain(
    system: System,
    a: Side,
    b: Side,
    simulation: Simulation,
    ensemble: EnsembleConfig,
    asked: Asked,
    engine: str = "auto",
    other: System | None = None,
) -> Tree:
    """Divide what B has more than A: see `api.explanations.explain` for the tree.

    With `other`, B is run on that model: its central member alone, without pathways, loops, and what is held.

    Raises:
        InputError: if the sides do not differ, or something asked for does not exist.
    """
    grid, run = simulation.grid(), engine_named(engine)
    theirs = None
    if other is None:
        found = sides(system, a, b, grid, ensemble)
    else:
        found, theirs = on_two_models((system, other), a, b, grid)
        system = found.system
    if asked.group:
        groups = _groups(found, asked.group)
        found = grouped(found, groups)
        theirs = None if theirs is None else grouped(theirs, groups)
    if not found.differences:
        raise InputError(f"explain: {a.label} and {b.label} do not differ in anything")
    year = simulation.last_year if asked.year is None else asked.year
    if year not in simulation.years:
        raise InputError(f"year: found {year}, allowed: {simulation.first_year} to {simulation.last_year}")
    wanted = _wanted(system, asked.outcomes)
    divided = by_lever(found, simulation.method, run, asked.pairs, theirs)
    parts = tree.levers_part(found, divided, np.asarray(simulation.years))
    if asked.pathways and other is None:
        runs = central(found, simulation.method, run)
        every = round(simulation.save_every / simulation.dt)
        made, links = tree.routes(runs, [(name, year) for name in wanted])
        parts |= tree.pathways_part(runs, every, made, links)
        if asked.hold:
            amounts = lost(runs, found, asked.hold, [(name, year) for name in wanted], simulation.method, run)
            parts["pathways/held"] = tree.held_part(made, asked.hold, amounts)
        parts["trajectories"] = tree.trajectories_part(runs, found, every)
    if asked.loops and system.loops and other is None:
        cases = {a.label: a.scenario.levers, b.label: b.scenario.levers}
        parts["loops"] = loops_part(
            system, b.fit.values, series_profiles(b.evidence), cases, run, [system.calendar.policy_from]
        )
    facts: dict[str, Any] = {"model_hash": system.hash, "a": a.label, "b": b.label, "year": year, "outcomes": wanted}
    facts |= {} if other is None else {"model_hash_of_b": other.hash}
    return Tree(parts, facts)


def _groups(found: Sides, asked: Mapping[str, Sequence[str]] | str) -> Mapping[str, Sequence[str]]:
    """The names of differences by the name of their group."""
    if not isinstance(asked, str):
        return asked
    if asked not in GROUPINGS:
        allowed = ", ".join(GROUPINGS)
        raise InputError(
            f"group: found '{asked}', allowed: {allowed}, or names of levers by name of their group"
            f"{nearest(asked, GROUPINGS)}"
        )
    return GROUPINGS[asked](found)


def _wanted(system: System, outcomes: Sequence[str] | None) -> list[str]:
    """Scalar names of outcomes whose pathways are followed."""
    known = [scalar for name in system.outcomes for scalar in system.scalar_names(name)]
    if outcomes is None:
        return [scalar for name in system.presentation.among(system.outcomes) for scalar in system.scalar_names(name)]
    out: list[str] = []
    for name in outcomes:
        own = [scalar for scalar in known if scalar == name or scalar.partition(".")[0] == name]
        if not own:
            raise InputError(f"outcomes: there is no '{name}'{nearest(name, [*system.outcomes, *known])}")
        out += own
    return list(dict.fromkeys(out))
