"""Do the parts of every variable add up, and does what links carry leave the levers and arrive at the outcome?"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pujiang.api.model import Model
from pujiang.declare import assumed, auxiliary, constant, flow, initial, lever, parameter, reported, stock, table, unit
from pujiang.engine import reference
from pujiang.engine.batch import Grid, Record
from pujiang.engine.formulas import formulas
from pujiang.engine.pathways import Divided, carried, divided, parts
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import engine_named, pack
from pujiang.engine.stages import Stages, stage_values
from pujiang.engine.system import System, build
from pujiang.experiment.inputs import lever_profiles, series_profiles
from pujiang.primitives import delay3, fixed_delay, minimum, smooth, trend

UNITS = (unit("firm", "Firm."),)
push = lever("1", "A push.", default=0.0, bounds=(0, 10), basis=assumed("test"))
pull = lever("1", "A pull.", default=0.0, bounds=(0, 10), basis=assumed("test"))
growth = parameter(0.1, "1/year", "Growth.", basis=assumed("test"))
wait = constant(0.5, "year", "How long ago.", basis=assumed("test"))
lag = parameter(1.0, "year", "A time constant.", basis=assumed("test"))
start = parameter(10.0, "firm", "Firms at the start.", basis=assumed("test"))
bend = table("1", ((0, 0), (1, 0.5), (3, 1)), "Fewer and fewer.", basis=assumed("test"))
firms = stock("firm", "Firms.", reported=reported("end"))


@initial(firms)
def initial_firms(start, growth, wait):
    """More where they grow."""
    return start * (1 + growth * wait)


@auxiliary("1")
def effort(push, pull):
    """Both help, up to a limit."""
    return minimum(push + push * pull, 2 + pull)


@auxiliary("1")
def remembered(effort, wait, lag):
    """Effort as it is seen, and as it was."""
    return smooth(effort, lag) + fixed_delay(effort, wait, 0)


@flow("firm/year", into=firms)
def births(firms, growth, remembered, bend):
    """Firms born."""
    return firms * growth * (1 + bend(remembered))


@flow("firm/year", out_of=firms)
def closures(births, lag):
    """Some of those born close."""
    return delay3(births, lag) / 2


@auxiliary("1/year")
def pace(firms, lag):
    """How fast firms grow, as seen."""
    return trend(firms, lag)


@pytest.fixture(scope="module")
def small() -> System:
    """A model with a kink, a table, every memory and an opening that hangs on a parameter."""
    names = {name: value for name, value in globals().items() if not name.startswith("__")}
    return build([SimpleNamespace(**names, __name__="made")], UNITS)


def two_runs(
    system: System, grid: Grid, levers: Mapping[str, Profile], parameters: Mapping[str, float], method: str
) -> tuple[Stages, Divided]:
    """The stages of a model at rest and with levers and parameters set, and their difference divided."""
    cases: dict[str, Mapping[str, Profile]] = {"a": {}, "b": levers}
    batch = pack(system, {}, cases, {"b": parameters}, {}, grid)
    stages = stage_values(system.program, grid, batch, method, reference.run)
    return stages, divided(formulas(system), stages, grid, method)


def worst_sum(stages: Stages, found: Divided) -> float:
    """How far the parts of any scalar are from its difference, of its scale, at any step."""
    sums: dict[str, Any] = {}
    for (_, effect), values in parts(found).items():
        sums[effect] = sums.get(effect, 0.0) + values
    worst = 0.0
    for name, values in stages.lines.items():
        if name in found.differences:
            gap = np.abs(sums.get(name, 0.0) - found.by_step(found.differences[name])[:, 0]).max()
            worst = max(worst, float(gap / np.abs(values[:, 0]).max()))
    return worst


def at_the_end(found: Divided, name: str) -> dict[str, np.ndarray]:
    """Weights that make the value of a scalar at the end of the run."""
    weights = np.zeros((found.steps + 1, len(found.weights)))
    weights[-1, 0] = 1.0
    return {name: weights.ravel()}


STEP = {"push": Profile((2016.0,), (0.0,), (1.5,)), "pull": Profile((2016.5,), (0.0,), (0.8,))}


@pytest.mark.parametrize("method", ["rk4", "euler"])
@pytest.mark.parametrize("parameters", [{}, {"growth": 0.13, "start": 12.0}])
def test_parts_add_up_and_what_leaves_the_inputs_arrives(
    small: System, method: str, parameters: Mapping[str, float]
) -> None:
    stages, found = two_runs(small, Grid(2015.0, 48, 1 / 16), STEP, parameters, method)
    assert len(found.differences) > 10
    assert worst_sum(stages, found) < 1e-9
    for name in ("firms", "pace", "closures"):
        (of,) = carried(found, [at_the_end(found, name)])
        difference = found.by_step(found.differences[name])[-1, 0]
        assert sum(of.sources.values()) == pytest.approx(difference, rel=1e-9)
        assert {"push", "pull", *parameters} == set(of.sources)


def test_of_no_quantity_nothing_is_carried(small: System) -> None:
    _, found = two_runs(small, Grid(2015.0, 48, 1 / 16), STEP, {}, "rk4")
    assert carried(found, []) == []


def test_what_enters_a_variable_is_what_leaves_it(small: System) -> None:
    _, found = two_runs(small, Grid(2015.0, 48, 1 / 16), STEP, {}, "rk4")
    (of,) = carried(found, [at_the_end(found, "firms")])
    into = sum(steps.sum() for (_, effect), steps in of.links.items() if effect == "remembered")
    out = sum(steps.sum() for (cause, _), steps in of.links.items() if cause == "remembered")
    assert into == pytest.approx(out, rel=1e-9)
    assert into != 0


def test_a_linear_chain_hands_on_known_shares() -> None:
    """y = 2 a + 3 b with a and b raised by 1 and 2: 2 by a, 6 by b, all of it through the sum."""
    made = SimpleNamespace(
        __name__="chain",
        a=lever("1", "A.", default=0.0, bounds=(0, 9), basis=assumed("test")),
        b=lever("1", "B.", default=0.0, bounds=(0, 9), basis=assumed("test")),
        two=parameter(2.0, "1", "Two.", basis=assumed("test")),
        three=parameter(3.0, "1", "Three.", basis=assumed("test")),
    )

    @auxiliary("1")
    def first(a, two):
        """Twice a."""
        return a * two

    @auxiliary("1")
    def second(b, three):
        """Three times b."""
        return b * three

    @auxiliary("1")
    def y(first, second):
        """Both."""
        return first + second

    system = build([SimpleNamespace(**vars(made), first=first, second=second, y=y)], UNITS)
    levers = {"a": Profile((2015.0,), (1.0,), (1.0,)), "b": Profile((2015.0,), (2.0,), (2.0,))}
    _, found = two_runs(system, Grid(2015.0, 16, 1 / 16), levers, {}, "rk4")
    (of,) = carried(found, [at_the_end(found, "y")])
    assert of.sources == pytest.approx({"a": 2.0, "b": 6.0}, rel=1e-12)
    assert of.links["first", "y"].sum() == pytest.approx(2.0, rel=1e-12)
    assert parts(found)["second", "y"][-1] == pytest.approx(6.0, rel=1e-12)


SHIPPED = [path.stem for path in sorted((Model().project.folder_of("configs") / "scenario").glob("*.yaml"))]
CASES = [(name, "none") for name in SHIPPED if name != "baseline"] + [
    ("new_core", "us_restrictions"), ("new_core", "restrictions_eased"), ("new_core", "rent_squeeze"),
]  # fmt: skip


@pytest.mark.parametrize(("scenario", "shock"), CASES)
def test_parts_of_every_variable_add_up_under_every_shipped_scenario(model: Model, scenario: str, shock: str) -> None:
    config = model.configure(scenario, shock=shock, ensemble=0)
    system, grid, run = model.system, config.simulation.grid(), engine_named("auto")
    series = series_profiles(model.evidence())
    cases = {s.name: lever_profiles(system, s.levers, series, grid.dt) for s in config.scenarios}
    batch = pack(system, model.fit().values, cases, {}, series, grid)
    stages = stage_values(system.program, grid, batch, "rk4", run)
    found = divided(formulas(system), stages, grid, "rk4")
    assert worst_sum(stages, found) < 1e-9


def test_stages_are_those_of_the_engine(small: System) -> None:
    grid = Grid(2015.0, 48, 1 / 16)
    batch = pack(small, {}, {"a": {}, "b": STEP}, {}, {}, grid)
    stages = stage_values(small.program, grid, batch, "rk4", reference.run)
    names = [name for name in small.program.lines if name in stages.lines]
    kept = reference.run(small.program, grid, batch, Record(tuple(small.program.lines[n] for n in names), (), 1), "rk4")
    for place, name in enumerate(names):
        assert stages.lines[name][:, 0] == pytest.approx(kept.snapshots[:, place], rel=1e-12, abs=1e-12)
