"""Does every function of the Python interface answer what is wrong with an argument in one line?"""

import inspect
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import strategies as st

import pujiang
from pujiang.engine.cut import with_cuts
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation
from pujiang.experiment.levers import LeverSetting

KIND = "python"
SMALL: dict[str, dict[str, Any]] = {
    "run": {"ensemble": 1},
    "sweep": {"axes": {"parameters.wear_rate": [0.05, 0.1]}},
    "sensitivity": {"methods": ["tornado"]},
}
FUNCTIONS = ("configure", "run", "sweep", "sensitivity", "calibrate", "compare", "report", "describe", "check",
    "simulate", "save",
             "open", "load_model", "Model", "Project")  # fmt: skip


class Odd:
    """Something that no argument can be, and that says nothing of itself."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


def _itself() -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["a"] = found
    return found


POOL: list[Any] = [
    None, True, 0, 1, -1, 3.5, float("nan"), float("inf"), 10**30, 1j, "", "x", "a\0b", "\ud800", "x" * 5000,
    "a/" * 3000, b"x",
    "more_books", "baseline", "latest", "runs", "prior", "bounds", "range(0,900,300)", "range(0,1", "lhs", "grid",
    "zh", "kernel",
    [], [1], ["x"], ["more_books"], [[1]], (), (1, 2), {1, 2}, {}, {"a": 1}, {5: 1}, {"a": {"b": {"c": 1}}},
        _itself(), {"wear_rate": 0.05},
    {"wear_rate": "x"}, {"wear_rate": [0.05, 0.1]}, {"wear_rate": [[1]]}, {"purchases_a_year": 500},
        {"purchases_a_year": {"target": 500}},
    {"purchases_a_year": {"target": "x"}}, {"purchases_a_year": {"path": [{"time": 2026, "value": 3}]}},
        {"purchases_a_year": {"path": 5}},
    {"purchases_a_year": Profile((2026.0,), (1.0,), (0.0,))}, {"purchases_a_year": Profile((), (), ())},
    {"purchases_a_year": Profile(("x",), (1.0,), (0.0,))}, {"purchases_a_year": LeverSetting(target="x")},  # type: ignore[arg-type]
    {"purchases_a_year": LeverSetting(target=500.0, start="x")}, {"levers.purchases_a_year.target": [1, 2]},  # type: ignore[arg-type]
    {"levers.purchases_a_year.target": "bounds"}, {"parameters": "prior"}, {"size": 3}, {"size": "x"},
        {"kind": "lhs", "size": 4},
    {"dt": 0.0625}, {"dt": "x"}, {"last_year": 10**9}, Simulation(2015, 2030), Simulation("x", 2030),
        Simulation(2015, 10**9),  # type: ignore[arg-type]
    Simulation(2015, 2030, dt=0.0), Simulation(2015, 2030, method=5), Simulation(2030, 2015), np.array([0.05, 0.1]),
        np.float64(1.5),  # type: ignore[arg-type]
    np.int64(3), np.str_("more_books"), np.array(["a"]), np.array(None), np.zeros((2, 2)), Path("runs"),
    Path("x" * 300), xr.DataTree(),
    xr.Dataset(), xr.DataArray([1.0]), object(), Odd(), Odd, print, lambda *a: None, iter([1]), range(3), slice(1),
    Exception("x"), type,
    Ellipsis, NotImplemented, memoryview(b"x"), complex,
]  # fmt: skip


def _known(name: str) -> list[str]:
    function = getattr(pujiang, name)
    return [*inspect.signature(function).parameters, "scenario", "levers", "parameters", "ensemble", "simulation",
        "fit", "evidence",
            "system", "project", "config_dir", "bogus"]  # fmt: skip


places = st.integers(0, len(POOL) - 1)
calls = st.sampled_from(FUNCTIONS).flatmap(
    lambda name: st.tuples(
        st.just(name), st.lists(places, max_size=2), st.dictionaries(st.sampled_from(_known(name)), places, max_size=2)
    )
)


def test_is_every_call_answered(cases, ask, home, library, called) -> None:
    def asked(call: Any) -> str | None:
        name, given, named = call
        if name == "Project" and not given:
            given = [POOL.index("x")]
        own = {key: POOL[place] for key, place in named.items()}
        usual = {key: value for key, value in SMALL.get(name, {}).items() if key not in own}
        if given:
            usual.pop("axes", None)
        told = called(getattr(pujiang, name), *(POOL[place] for place in given), **usual, **own)
        for path in home.glob("*"):
            return f"left {path}" if path.suffix == ".partial" else told
        return told

    ask(calls, cases, asked)


def _changed(tree: xr.DataTree, change: int, name: int) -> xr.DataTree:
    """A tree that is not what `run` returned any more."""
    annual, rest = tree["annual"].to_dataset(), tree["trajectories"].to_dataset()
    outcome = list(annual.data_vars)[name % len(annual.data_vars)]
    key = list(tree.attrs)[name % len(tree.attrs)]
    attrs = dict(tree.attrs)
    made: list[Any] = [
        lambda: annual.rename({"year": "jahr"}),
        lambda: annual.rename({"member": "m"}),
        lambda: annual.drop_vars("scenario"),
        lambda: annual.drop_vars(outcome),
        lambda: annual[[outcome]],
        lambda: annual.isel(year=[0]),
        lambda: annual.isel(year=[]),
        lambda: annual.isel(scenario=[1]),
        lambda: annual.isel(member=[1]),
        lambda: annual.assign_coords(year=[2015] * annual.sizes["year"]),
        lambda: annual.assign_coords(scenario=["a", "a"]),
        lambda: annual.assign_coords(member=["x"] * annual.sizes["member"]),
        lambda: annual.assign({outcome: annual[outcome].astype(str)}),
        lambda: annual.assign({outcome: annual[outcome] * np.nan}),
        lambda: annual.assign({outcome: annual[outcome].isel(year=0, drop=True)}),
        lambda: annual.assign_attrs(presentation="["),
        lambda: annual.assign_attrs(presentation='{"goals": 5}'),
        lambda: annual.transpose(),
        lambda: annual,
        lambda: annual,
        lambda: annual,
        lambda: annual,
    ]  # fmt: skip
    whole = made[change % len(made)]()
    if change % len(made) >= 18:
        attrs[key] = POOL[name % len(POOL)]
    if change % len(made) == 21:
        del attrs[key]
    found = xr.DataTree.from_dict({"/annual": whole, "/trajectories": rest})
    found.attrs = attrs
    return found


def test_is_every_tree_answered(cases, ask, home, library, called) -> None:
    tree = library.run("more_books", ensemble=2)
    uses = [
        library.compare,
        library.report,
        library.save,
        lambda changed: library.compare(changed, tree, baseline=(changed, "baseline")),
    ]

    def asked(case: Any) -> str | None:
        change, name, use = case
        try:
            changed = _changed(tree, change, name)
        except ValueError:
            return None  # xarray itself refuses
        return called(uses[use], changed)

    tried = st.tuples(st.integers(0, 21), st.integers(0, 90), st.integers(0, 3))
    ask(tried, max(20, cases // 8), asked)


@pytest.mark.parametrize("cut", [False, True], ids=["as built", "with cuts"])
def test_does_a_system_survive_pickling(cut: bool, system) -> None:
    whole = with_cuts(system) if cut else system
    back = pickle.loads(pickle.dumps(whole))
    assert back.hash == whole.hash
    first, second = (pujiang.simulate(made)["annual"].to_dataset() for made in (whole, back))
    assert first.equals(second)


def test_do_threads_run_each_its_own(library) -> None:
    """Runs side by side, of different settings, are those of the settings alone."""
    budgets = [float(100 * place) for place in range(1, 9)]

    def loans(budget: float) -> float:
        tree = library.run("more_books", levers={"purchases_a_year": budget}, ensemble=1)
        return float(tree["annual"].to_dataset().loans.sel(scenario="more_books", member=0, year=2030))

    alone = [loans(budget) for budget in budgets]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(loans, budgets * 3)) == alone * 3
