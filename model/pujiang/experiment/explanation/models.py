"""Two models as one more difference, beside what was set otherwise: each coalition is run on the one or the other.

What belongs to a model goes with it: its fit, its data, and the levers and parameters that only it has. So the parts
say what the model does and what the settings do that both can take. Members are drawn of a fit and have no like in
another model: the central ones are compared.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from pujiang.engine.batch import Grid
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.explanation.sides import Difference, Kind, Side, Sides, sides
from pujiang.experiment.scenario import EnsembleConfig, Scenario

Setting = TypeVar("Setting")


def on_two_models(models: tuple[System, System], a: Side, b: Side, grid: Grid) -> tuple[Sides, Sides]:
    """Both sides on the model of A, and on that of B, reporting what both do: with the same differences in one order.

    Raises:
        InputError: if the two report nothing in common.
    """
    shared = _reported_by_both(*models)
    found = []
    for own, other, kept in ((models[0], models[1], a), (models[1], models[0], b)):
        reporting = {
            name: variable if name in shared else replace(variable, reported=None)
            for name, variable in own.variables.items()
        }
        one, two = (
            replace(side, scenario=_settings(own, other, side.scenario, kept.scenario), fit=kept.fit,
                    evidence=kept.evidence)
            for side in (a, b)
        )  # fmt: skip
        found.append(sides(replace(own, variables=reporting), one, two, grid, EnsembleConfig(0)))
    kinds = {difference.name: difference.kind for own in found for difference in own.differences}
    first, second = (_with_all(own, kinds) for own in found)
    return first, second


def _with_all(found: Sides, kinds: Mapping[str, Kind]) -> Sides:
    """The sides with every difference there is on either model, and the model itself."""
    own = {difference.name: difference for difference in found.differences}
    every = (own.get(name) or Difference(name, kind) for name, kind in kinds.items())
    return replace(found, differences=(*every, Difference("model", "model", model=True)))


def _reported_by_both(a: System, b: System) -> set[str]:
    """Outcomes of the same name, unit, dimension and meaning of a year."""

    def form(system: System, name: str) -> tuple[object, ...]:
        variable = system.variables[name]
        return variable.unit, variable.annual, None if variable.over is None else tuple(variable.over.elements)

    shared = {name for name in a.outcomes if name in b.outcomes and form(a, name) == form(b, name)}
    if not shared:
        raise InputError("explain: the two models report nothing of the same name and unit")
    return shared


def _settings(own: System, other: System, wanted: Scenario, kept: Scenario) -> Scenario:
    """A scenario on one model: as wanted where both models know what is set, as its own side has it elsewhere."""

    def chosen(ours: Mapping[str, object], theirs: Mapping[str, object], mine: Mapping[str, Setting],
               given: Mapping[str, Setting]) -> dict[str, Setting]:  # fmt: skip
        alone = {name: value for name, value in mine.items() if name in ours and name not in theirs}
        return {name: value for name, value in given.items() if name in ours and name in theirs} | alone

    numbers = (dict.fromkeys(own.parameter_names), dict.fromkeys(other.parameter_names))
    return replace(
        wanted,
        levers=chosen(own.levers, other.levers, kept.levers, wanted.levers),
        parameters=chosen(*numbers, kept.parameters, wanted.parameters),
    )
