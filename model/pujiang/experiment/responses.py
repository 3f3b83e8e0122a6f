"""What each lever alone does: every reported outcome year by year, beside the baseline, for the central member."""

from collections.abc import Mapping
from dataclasses import dataclass

from pujiang.engine.graph import effects_of, shortest_chain
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.scenario import Scenario

MOVES = 0.001
"""The relative change from which an outcome counts as moved; what lies below is not told from nothing."""

NOISE = 1e-9
"""The change that is none: relative to the baseline, or where that is 0 in the outcome's own unit."""


@dataclass(frozen=True)
class Change:
    """What a lever does to one outcome: relative to the baseline, by year of policy; in the last also as it is.

    `first_year` is the first in which the change exceeds MOVES; None where none does.
    """

    outcome: str
    unit: str
    base: float
    change: float
    course: Mapping[int, float]
    first_year: int | None

    @property
    def year(self) -> int:
        """The last year."""
        return max(self.course)

    @property
    def relative(self) -> float:
        """The relative change in the last year."""
        return self.course[self.year]

    @property
    def moves(self) -> bool:
        """Whether it counts as moved in the last year."""
        return abs(self.relative) > MOVES

    @property
    def turned(self) -> tuple[int, float] | None:
        """The year and size of the largest change of the other sign before the last year; None where there is none."""
        other = {y: x for y, x in self.course.items() if x * self.relative < 0 and abs(x) > MOVES}
        return max(other.items(), key=lambda found: abs(found[1])) if other else None


@dataclass(frozen=True)
class Setting:
    """How a lever is set, and where this setting comes from: a scenario, or empty where it is chosen here."""

    setting: LeverSetting
    scenario: str


@dataclass(frozen=True)
class Response:
    """What one lever does; `chain` leads to the outcome it moves most in the last year (empty where it moves none)."""

    lever: str
    setting: Setting
    changes: tuple[Change, ...]
    chain: tuple[str, ...]


def chosen_settings(
    system: System, scenarios: tuple[Scenario, ...], shown_at: Mapping[str, LeverSetting]
) -> dict[str, Setting]:
    """The setting each lever is shown at: that of `shown_at`, else that of the first scenario that moves it.

    Raises:
        InputError: if neither sets a lever.
    """
    found = {}
    for name, lever in system.levers.items():
        if name in shown_at:
            found[name] = Setting(shown_at[name], "")
            continue
        set_by = ((s.levers[name], s.name) for s in scenarios if name in s.levers)
        first = next(((setting, by) for setting, by in set_by if setting.target != lever.default), None)
        if first is None:
            raise InputError(f"{name}: no scenario moves this lever; declare the setting it is shown at (shown_at)")
        found[name] = Setting(*first)
    return found


def responses(
    system: System,
    fit: Fit,
    series: Mapping[str, Profile],
    settings: Mapping[str, Setting],
    engine: str = "auto",
) -> tuple[Response, ...]:
    """Run every lever alone beside the baseline, all parameters at their fitted values."""
    simulation = Simulation(*system.calendar.run)
    alone: dict[str, dict[str, LeverSetting]] = {"baseline": {}}
    alone |= {f"lever {name}": {name: found.setting} for name, found in settings.items()}
    cases = {case: lever_profiles(system, levers, series, simulation.dt) for case, levers in alone.items()}
    tree = simulate(system, fit.values, series=series, scenarios=cases, simulation=simulation, engine=engine)
    annual = tree["annual"].to_dataset().isel(member=0)
    effects = effects_of(system.causes)
    years = range(system.calendar.policy_from, system.calendar.last_year + 1)

    def course(case: str, name: str, element: str | None) -> dict[int, float]:
        values = annual[name].sel(scenario=case)
        over = system.variables[name].over
        if over is not None:
            values = values.sel({over.name: element})
        return {year: float(values.sel(year=year)) for year in years}

    found = []
    for name, setting in settings.items():
        changes = []
        for outcome in system.outcomes:
            variable = system.variables[outcome]
            for element in (None,) if variable.over is None else variable.over.elements:
                scalar = outcome if element is None else f"{outcome}.{element}"
                pair = course("baseline", outcome, element), course(f"lever {name}", outcome, element)
                changes.append(_change(scalar, variable.unit, *pair))
        moved = [change for change in changes if change.moves]
        chain: tuple[str, ...] = ()
        if moved:  # of those that are equal but for rounding, the first declared
            goal = max(moved, key=lambda change: float(f"{abs(change.relative):.6g}")).outcome.partition(".")[0]
            chain = shortest_chain(effects, name, goal)
        found.append(Response(name, setting, tuple(changes), chain))
    return tuple(found)


def _change(outcome: str, unit: str, base: Mapping[int, float], course: Mapping[int, float]) -> Change:
    relative = {year: _relative(course[year] - base[year], base[year]) for year in base}
    first = next((year for year, change in relative.items() if abs(change) > MOVES), None)
    last = max(base)
    return Change(outcome, unit, base[last], course[last] - base[last], relative, first)


def _relative(change: float, base: float) -> float:
    """The change over the baseline; where that is 0, the change itself."""
    relative = change / abs(base) if base else change
    return relative if abs(relative) > NOISE else 0.0
