"""The two sides of an explanation, and everything in which they differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Batch, Floats, Grid, batch_of, sample
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import every_lever, parameter_array, series_on_grid
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.evidence import Evidence
from pujiang.experiment.ensemble import members
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles, series_profiles
from pujiang.experiment.scenario import EnsembleConfig, Scenario

Kind = Literal["lever", "parameter", "fit", "evidence", "model", "group"]


@dataclass(frozen=True)
class Side:
    """One of the two: a scenario, with the fit and the evidence it is run on."""

    label: str
    scenario: Scenario
    fit: Fit
    evidence: Evidence


@dataclass(frozen=True)
class Difference:
    """One thing in which two sides differ.

    Attributes:
        name: of the lever or parameter; "fit", "evidence", "model"; or of a group.
        levers: names of lever courses (companions included) it moves; `parameters` scalar names it changes.
        evidence: whether it puts the data series of the one side in place of those of the other.
        model: whether it puts the model of the one side in place of that of the other.
    """

    name: str
    kind: Kind
    levers: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    evidence: bool = False
    model: bool = False


@dataclass(frozen=True)
class Sides:
    """Two sides on one grid with common members, ready to be mixed.

    Attributes:
        parameters: of each side, (parameter, member).
        levers, series: courses of each side by name, on the grid.
        differences: all of them, in the order of the declarations.
    """

    labels: tuple[str, str]
    system: System
    grid: Grid
    parameters: tuple[Floats, Floats]
    levers: tuple[Mapping[str, Profile], Mapping[str, Profile]]
    series: tuple[Mapping[str, Profile], Mapping[str, Profile]]
    differences: tuple[Difference, ...]

    @property
    def members(self) -> int:
        """How many members there are, the central one included."""
        return int(self.parameters[0].shape[1])


def sides(system: System, a: Side, b: Side, grid: Grid, ensemble: EnsembleConfig) -> Sides:
    """Two sides on a grid, with members that both draw from one seed, and what they differ in.

    Raises:
        InputError: for settings that do not fit the model or the grid.
    """
    pair = (a, b)
    profiles = [series_profiles(side.evidence) for side in pair]
    series = tuple(series_on_grid(system, own, grid.dt) for own in profiles)
    courses = tuple(
        every_lever(system, lever_profiles(system, side.scenario.levers, own, grid.dt), grid.dt)
        for side, own in zip(pair, profiles, strict=True)
    )
    drawn = [members(system, side.fit, ensemble.size, ensemble.seed, ensemble.kind) for side in pair]
    values = tuple(
        parameter_array(system, {**own, **side.scenario.parameters}, ensemble.size + 1)
        for side, own in zip(pair, drawn, strict=True)
    )
    found = _levers(system, pair, (courses[0], courses[1]), grid)
    found += _parameters(system, pair, (values[0], values[1]))
    own = tuple(d for difference in found for d in difference.levers)
    moved = tuple(n for n in courses[0] if n not in own and not _same(courses[0][n], courses[1][n], grid))
    if moved or any(not _same(series[0][n], series[1][n], grid) for n in system.series):
        found.append(Difference("evidence", "evidence", moved, evidence=True))
    return Sides(
        (a.label, b.label), system, grid, (values[0], values[1]), (courses[0], courses[1]), (series[0], series[1]),
        tuple(found),
    )  # fmt: skip


def _levers(
    system: System, pair: tuple[Side, Side], courses: tuple[Mapping[str, Profile], Mapping[str, Profile]], grid: Grid
) -> list[Difference]:
    found = []
    for name in system.levers:
        settings = [side.scenario.levers.get(name) for side in pair]
        moved = tuple(
            course
            for course in (name, f"{name}_set")
            if course in courses[0] and not _same(courses[0][course], courses[1][course], grid)
        )
        if moved and settings[0] != settings[1]:
            found.append(Difference(name, "lever", moved))
    return found


def _parameters(system: System, pair: tuple[Side, Side], values: tuple[Floats, Floats]) -> list[Difference]:
    changed = [n for n, a, b in zip(system.parameter_names, *values, strict=True) if not np.array_equal(a, b)]
    fixed = {name for side in pair for name in side.scenario.parameters}
    found = [Difference(name, "parameter", parameters=(name,)) for name in changed if name in fixed]
    rest = tuple(name for name in changed if name not in fixed)
    return [*found, Difference("fit", "fit", parameters=rest)] if rest else found


def _same(a: Profile, b: Profile, grid: Grid) -> bool:
    return a == b or np.array_equal(sample([a], grid), sample([b], grid))


def grouped(found: Sides, groups: Mapping[str, Sequence[str]]) -> Sides:
    """The same sides with some differences taken together, by the name of their group.

    Raises:
        InputError: if a group names what does not differ, or what another group holds.
    """
    known = {difference.name: difference for difference in found.differences}
    taken: dict[str, str] = {}
    for group, names in groups.items():
        for name in names:
            if name not in known:
                allowed = ", ".join(known) or "nothing"
                raise InputError(
                    f"group {group}: found '{name}', which does not differ; allowed: {allowed}{nearest(name, known)}"
                )
            if name in taken:
                raise InputError(f"group {group}: '{name}' is in the group {taken[name]} already")
            taken[name] = group
    for group in groups:
        if group in known and taken.get(group) != group:
            raise InputError(
                f"group {group}: differs by itself, and is not in the group of its name; name it otherwise"
            )
    out: dict[str, Difference] = {}
    for difference in found.differences:
        group_of = taken.get(difference.name)
        if group_of is None:
            out[difference.name] = difference
            continue
        before = out.get(group_of, Difference(group_of, "group"))
        out[group_of] = replace(
            before,
            levers=before.levers + difference.levers,
            parameters=before.parameters + difference.parameters,
            evidence=before.evidence or difference.evidence,
            model=before.model or difference.model,
        )
    return replace(found, differences=tuple(out.values()))


def sector_groups(found: Sides) -> dict[str, tuple[str, ...]]:
    """The differences by the sector that declares them; what no sector does stays by itself."""
    groups: dict[str, tuple[str, ...]] = {}
    for difference in found.differences:
        sector = found.system.sector_of.get(difference.name.partition(".")[0])
        if sector is not None:
            groups[sector] = (*groups.get(sector, ()), difference.name)
    return groups


def theme_groups(found: Sides) -> dict[str, list[str]]:
    """The levers that differ by their theme, as those who set them think of them; the rest stays by itself."""
    levers = [difference.name for difference in found.differences if difference.kind == "lever"]
    return found.system.presentation.lever_groups(levers)


GROUPINGS: Mapping[str, Callable[[Sides], Mapping[str, Sequence[str]]]] = {
    "sector": sector_groups,
    "theme": theme_groups,
}
"""How differences can be taken together without naming each."""


def mixed(found: Sides, coalitions: NDArray[np.bool_], members: slice, *, evidence: bool) -> Batch:
    """The batch of some members under coalitions of differences (coalition, difference), coalition by coalition.

    `evidence`: whether the data series are those of the second side, in all of them.
    """
    program = found.system.program
    a, b = (values[:, members] for values in found.parameters)
    many, each = len(coalitions), a.shape[1]
    parameters = np.tile(a, (1, many))
    place = {name: row for row, name in enumerate(found.system.parameter_names)}
    makes = np.zeros((len(program.levers), many))
    lever = {name: row for row, name in enumerate(program.levers)}
    for column, difference in enumerate(found.differences):
        made = np.repeat(coalitions[:, column], each)
        for name in difference.parameters:
            row = place[name]
            parameters[row] = np.where(made, np.tile(b[row], many), parameters[row])
        for name in difference.levers:
            makes[lever[name]] = coalitions[:, column]
    one = np.zeros(many * each, dtype=np.int64)
    batch = batch_of(program, found.grid, parameters, found.series[evidence], [found.levers[0]], one)
    after = sample([found.levers[1][name] for name in program.levers], found.grid)
    return replace(batch, slope=after[None] - batch.offset, amount=np.repeat(makes, each, axis=1))
