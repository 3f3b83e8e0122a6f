"""Are sensitivity indices right: against formulas, SALib, SciPy, and single runs of the model?"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from scipy.stats import sobol_indices as scipy_indices

import pujiang
from pujiang.api.sensitivities import Sensitivity
from pujiang.cli import main
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment import sweep_runs
from pujiang.experiment.axes import Axis, Interval
from pujiang.experiment.designs import morris, saltelli
from pujiang.experiment.screening import Outputs, morris_of, sobol_of
from pujiang.experiment.sensitivity import Sobol, morris_effects, sobol_indices
from pujiang.presentation import Presentation
from pujiang.results import run_folder
from pujiang.results.figures.sensitivity import write_sensitivity_figures

Floats = NDArray[np.float64]
A, B = 7.0, 0.1
SMALL = {"fit": "declared", "simulation": {"dt": 0.125, "last_year": 2027}}
AXES = {
    "levers.exit_window.target": "interval(0,1)",
    "parameters.exit_window_realisation": "prior",
    "parameters.startup_failure_rate": "prior",
}


def ishigami(points: Floats) -> Floats:
    """(input, point) in the unit cube to (output, point): the function itself, and one that is far from 0."""
    x = (2 * points - 1) * np.pi
    y = np.sin(x[0]) + A * np.sin(x[1]) ** 2 + B * x[2] ** 4 * np.sin(x[0])
    return np.stack([y, 1e6 + 1e-3 * y])


def ishigami_indices() -> tuple[Floats, Floats]:
    """First and total indices by the formulas of Sobol' and Levitan (1999)."""
    first = np.array([0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0])
    joint = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = first.sum() + joint
    return first / whole, (first + joint * np.array([1, 0, 1])) / whole


def of_saltelli(function: Callable[[Floats], Floats], inputs: int, size: int) -> tuple[Floats, Floats, Floats, Sobol]:
    points = saltelli(inputs, size, seed=4)
    f_a, f_b, *pages = np.split(function(points), inputs + 2, axis=1)
    f_ab = np.stack(pages)
    return f_a, f_b, f_ab, sobol_indices(f_a, f_b, f_ab)


def test_are_the_indices_of_the_ishigami_function_those_of_the_formulas() -> None:
    *_, found = of_saltelli(ishigami, 3, 4096)
    first, total = ishigami_indices()
    for row in range(2):
        # Quasi-random points do better than the bootstrap thinks, so its interval is a generous bound.
        assert (np.abs(found.first[row] - first) <= np.maximum(found.first_half[row], 1e-3)).all()
        assert (np.abs(found.total[row] - total) <= np.maximum(found.total_half[row], 1e-3)).all()
    assert (found.total_half < 0.1).all()


def test_do_the_indices_come_nearer_with_more_points() -> None:
    first, total = ishigami_indices()
    errors = []
    for size in (64, 4096):
        *_, found = of_saltelli(ishigami, 3, size)
        errors.append(np.abs(found.first[0] - first).max() + np.abs(found.total[0] - total).max())
    assert errors[1] < 0.2 * errors[0]


def test_are_the_indices_those_of_salib_on_the_same_sample() -> None:
    size = 1024
    f_a, f_b, f_ab, found = of_saltelli(ishigami, 3, size)
    # SALib's order: for every base point A, then its pages, then B.
    y = np.column_stack([f_a[0], *f_ab[:, 0], f_b[0]]).ravel()
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    theirs = salib_sobol.analyze(problem, y, calc_second_order=False, num_resamples=200, seed=1)
    assert (np.abs(found.first[0] - theirs["S1"]) < 0.1 * theirs["S1_conf"]).all()
    assert (np.abs(found.total[0] - theirs["ST"]) < 0.1 * theirs["ST_conf"]).all()
    np.testing.assert_allclose(found.first_half[0], theirs["S1_conf"], rtol=0.3)
    np.testing.assert_allclose(found.total_half[0], theirs["ST_conf"], rtol=0.3)


def test_are_the_indices_those_of_scipy_on_the_same_sample() -> None:
    f_a, f_b, f_ab, found = of_saltelli(ishigami, 3, 256)
    theirs = scipy_indices(func={"f_A": f_a, "f_B": f_b, "f_AB": f_ab}, n=256)
    np.testing.assert_allclose(found.first[0], theirs.first_order[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.total[0], theirs.total_order[0], rtol=0, atol=1e-12)
    # The mean of the second output is a thousand million times its spread: what is left of its digits.
    np.testing.assert_allclose(found.total[1], theirs.total_order[1], rtol=0, atol=1e-5)


def test_is_an_outcome_that_never_moves_owed_to_nothing() -> None:
    *_, found = of_saltelli(lambda points: np.full((1, points.shape[1]), 0.1), 2, 64)
    assert not found.first.any()
    assert not found.total.any()
    assert not found.total_half.any()


def test_are_morris_effects_those_of_salib_on_the_same_trajectories() -> None:
    points = morris(3, 30, seed=9)
    y = ishigami(points)
    found = morris_effects(points, y)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    for row in range(2):
        theirs = salib_morris.analyze(problem, points.T, y[row], num_levels=4)
        for ours, name in ((found.mu, "mu"), (found.mu_star, "mu_star"), (found.sigma, "sigma")):
            np.testing.assert_allclose(ours[row], np.asarray(theirs[name]), rtol=1e-7, atol=1e-9)


def test_are_morris_effects_of_a_straight_line_its_slopes() -> None:
    points = morris(3, 10, seed=9)
    found = morris_effects(points, (np.array([3.0, -2.0, 0.0]) @ points)[None])
    np.testing.assert_allclose(found.mu[0], [3, -2, 0], atol=1e-12)
    np.testing.assert_allclose(found.mu_star[0], [3, 2, 0], atol=1e-12)
    np.testing.assert_allclose(found.sigma[0], 0, atol=1e-12)


# --- of the model -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def study(system: System) -> Sensitivity:
    """A small study of three inputs."""
    return pujiang.sensitivity(axes=AXES, morris_size=4, sobol_size=16, system=system, **SMALL)


def test_are_the_ends_of_a_tornado_single_runs(study, system: System) -> None:
    rows = study.tornado[(study.tornado.outcome == "star_listings") & (study.tornado.year == 2027)]
    rows = rows.set_index("input")
    base = pujiang.run(ensemble=0, system=system, **SMALL)["annual"].sel(scenario="baseline", member=0)
    assert (rows.base == float(base.star_listings.sel(year=2027))).all()
    window = rows.loc["exit_window"]
    assert (window.low_value, window.high_value) == (0.0, 1.0)
    for end in ("low", "high"):
        alone = pujiang.run(levers={"exit_window": window[f"{end}_value"]}, ensemble=0, system=system, **SMALL)[
            "annual"
        ].sel(scenario="baseline_changed", member=0)
        assert window[f"at_{end}"] == float(alone.star_listings.sel(year=2027))
    other = rows.loc["exit_window_realisation"]
    alone = pujiang.run(parameters={"exit_window_realisation": other.low_value}, ensemble=0, system=system, **SMALL)[
        "annual"
    ].sel(scenario="baseline_changed", member=0)
    assert other.at_low == float(alone.star_listings.sel(year=2027))


def test_are_levers_and_uncertainties_told_apart(study) -> None:
    for table in (study.tornado, study.morris, study.sobol):
        kinds = table.groupby("input").kind.first()
        assert kinds.to_dict() == {
            "exit_window": "lever",
            "exit_window_realisation": "parameter",
            "startup_failure_rate": "parameter",
        }


def test_does_the_listing_window_explain_the_listings(study) -> None:
    last = study.sobol[(study.sobol.outcome == "star_listings") & (study.sobol.year == 2027)].set_index("input")
    assert last.total.idxmax() == "exit_window"
    assert last.total["startup_failure_rate"] < 0.1


def test_does_a_sweep_lend_its_own_points(study, system: System, tmp_path) -> None:
    design = {"kind": "saltelli", "size": 16}
    pujiang.sweep(AXES, design=design, folder=tmp_path, system=system, **SMALL)
    own = pujiang.sensitivity(tmp_path / "latest", methods=["sobol"], system=system)
    assert any("own 16" in note for note in own.notes)
    np.testing.assert_array_equal(own.sobol["total"], study.sobol["total"])


def test_are_only_the_foremost_inputs_decomposed(system: System) -> None:
    found = pujiang.sensitivity(
        axes=AXES, methods=["sobol"], morris_size=4, sobol_size=4, sobol_inputs=1, system=system, **SMALL
    )
    assert found.sobol.input.nunique() == 1
    assert found.morris.input.nunique() == 3
    assert any("1 foremost of 3" in note for note in found.notes)


def test_is_a_run_studied_over_everything(system: System, tmp_path) -> None:
    tree = pujiang.run(scenario="exit_drought", ensemble=0, system=system, **SMALL)
    path = pujiang.save(tree, tmp_path, figures=False)
    found = pujiang.sensitivity(path, methods=["tornado"], system=system)
    kinds = found.tornado.groupby("input").kind.first()
    assert set(system.levers) <= set(kinds[kinds == "lever"].index)
    assert (kinds == "parameter").sum() > 100
    moved = found.tornado[(found.tornado.outcome == "star_listings") & (found.tornado.year == 2027)]
    drought = tree["annual"].sel(scenario="exit_drought", member=0)
    assert (moved.base == float(drought.star_listings.sel(year=2027))).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"methods": ["sobbol"]},
            "method: found 'sobbol', allowed: shapley, tornado, morris, sobol; did you mean 'sobol'",
        ),
        ({"sobol_size": 100}, "power of two"),
        ({"axes": {"parameters.startup_failure_rat": "prior"}}, "did you mean 'startup_failure_rate'"),
    ],
)
def test_is_bad_input_refused_in_one_line(system: System, given, words: str) -> None:
    with pytest.raises(InputError, match=re.escape(words)) as caught:
        pujiang.sensitivity(**{"axes": AXES, **SMALL, **given}, system=system)
    assert "\n" not in str(caught.value)


# --- the command ------------------------------------------------------------------------------------------

WORDS = [
    "levers.exit_window.target=interval(0,1)",
    "parameters.startup_failure_rate=prior",
    "fit=declared",
    "simulation.last_year=2026",
    "output.outcomes=[star_listings,high_tech_firms]",
    "sobol.size=8",
    "morris.size=2",
]


def test_does_the_command_leave_tables_and_figures_that_repeat(tmp_path, capsys) -> None:
    for _ in range(2):
        assert main(["sensitivity", *WORDS, f"output.folder={tmp_path}"]) == 0
    out = capsys.readouterr().out
    assert "exit_window" in out
    first, second = run_folder.runs(tmp_path)
    assert run_folder.identical(first, second) == []
    assert run_folder.read_manifest(first)["kind"] == "sensitivity"
    for method in ("tornado", "morris", "sobol"):
        table = pd.read_csv(first / f"{method}.csv")
        assert set(table.input) == {"exit_window", "startup_failure_rate"}
        svg = (first / "figures" / f"{method}.svg").read_text(encoding="utf-8")
        assert "<title>" in svg
        assert "<desc>" in svg


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "no run 'nowhere'"),
        (["a", "b"], "found 2 runs, takes one"),
        (
            ["methods=[tornado,moris]"],
            "methods: found 'moris', allowed: shapley, tornado, morris, sobol; did you mean 'morris'?",
        ),
        (["sobol.size=many"], "sobol.size: found 'many', needs a whole number"),
        (["sobol.size=100"], "needs a power of two"),
        (["scenario=baseline,exit_drought"], "found 2 cases side by side"),
        (["levers.exit_window.target=interval(0,2)"], "found 2, allowed from 0 to 1.5"),
    ],
)
def test_does_the_command_refuse_in_one_line(words, message, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["sensitivity", *words]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_is_nothing_drawn_where_nothing_moves(tmp_path) -> None:
    names = {
        "outcome": ["gdp"],
        "element": [""],
        "year": [2030],
        "input": ["a"],
        "kind": ["lever"],
        "key": ["levers.a"],
    }
    still = pd.DataFrame({**names, "base": [1.0], "at_low": [1.0], "at_high": [1.0]})
    columns = {"morris": "mu_star", "sobol": "total"}
    shares = {method: pd.DataFrame({**names, column: [0.0]}) for method, column in columns.items()}
    written = write_sensitivity_figures(tmp_path, {"tornado": still, **shares}, Presentation())
    assert "nothing" in written[0].read_text(encoding="utf-8")
    assert len(written) == 3


# --- points that are not finite -----------------------------------------------------------------------------


def whole_study(values: Floats, inputs: int) -> tuple[Sobol, list[np.ndarray]]:
    """Indices of outputs, and the groups that were told."""
    told: list[np.ndarray] = []
    axes = [Axis(f"parameters.x{i}", f"x{i}", Interval(0.0, 1.0)) for i in range(inputs)]
    names = tuple(("y", str(row), 2030) for row in range(len(values)))
    found = Outputs(names, values, np.empty((inputs, 0)), np.empty(0, dtype=np.int64))
    return sobol_of(axes, found, 1, lambda groups, axes, found, bad: told.append(bad)), told


def test_are_base_points_left_out_whole_and_only_where_they_are_not_finite() -> None:
    size, broken = 512, [3, 77]
    values = ishigami(saltelli(3, size, seed=4))
    holed = values.copy()
    holed[0, [broken[0], 2 * size + broken[1]]] = [np.nan, np.inf]  # one of A, one of a companion
    found, (bad,) = whole_study(holed, 3)
    assert bad.sum(axis=1).tolist() == [2, 0]
    kept = np.setdiff1d(np.arange(size), broken)
    pages = values.reshape(2, 5, size)[:, :, kept]
    expected, _ = whole_study(pages.reshape(2, -1), 3)
    np.testing.assert_allclose(found.first[0], expected.first[0], rtol=1e-12)
    untouched, _ = whole_study(values, 3)
    np.testing.assert_allclose(found.total[1], untouched.total[1], rtol=1e-12)


def test_are_trajectories_left_out_whole() -> None:
    points = morris(3, 20, seed=4)
    values = ishigami(points)
    holed = values.copy()
    holed[0, 4 * 7 + 2] = np.nan
    axes = [Axis(f"parameters.x{i}", f"x{i}", Interval(0.0, 1.0)) for i in range(3)]
    names = (("y", "", 2030), ("z", "", 2030))
    outputs = Outputs(names, holed, np.empty((3, 0)), np.empty(0, dtype=np.int64))
    found = morris_of(axes, outputs, points, lambda *_: None)
    kept = np.delete(np.arange(80), np.arange(28, 32))
    np.testing.assert_allclose(found.mu_star[0], morris_effects(points[:, kept], values[:, kept]).mu_star[0])
    np.testing.assert_allclose(found.sigma[1], morris_effects(points, values).sigma[1])


def test_where_hardly_a_group_is_left_there_is_no_index() -> None:
    values = np.full((1, 5 * 8), np.nan)
    found, _ = whole_study(values, 3)
    assert np.isnan(found.total).all()


def broken_above(monkeypatch: pytest.MonkeyPatch, limit: float) -> None:
    """Let GDP of 2027 be no number wherever the window is wider than `limit`."""

    simulate_points = sweep_runs.simulate_points

    def simulated(run: Any, points: Floats) -> Any:
        found = simulate_points(run, points)
        place = [axis.key for axis in run.plan.axes].index("levers.exit_window.target")
        found.outcomes["gdp"][0, points[place] > limit, 0, -1] = np.nan
        return found

    monkeypatch.setattr(sweep_runs, "simulate_points", simulated)


def test_are_points_that_are_not_finite_counted_and_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken_above(monkeypatch, 0.9)
    found = pujiang.sensitivity(axes=AXES, methods=["morris", "sobol"], morris_size=20, sobol_size=64, **SMALL)
    assert found.morris is not None
    assert found.sobol is not None
    assert np.isfinite(found.morris.select_dtypes("number")).all(axis=None)
    assert np.isfinite(found.sobol.select_dtypes("number")).all(axis=None)
    said = " ".join(found.notes)
    assert re.search(r"Morris: trajectories: \d+ of 20 hold points that are not finite.*gdp in 2027", said)
    assert re.search(r"Sobol': base points: \d+ of 64 hold points that are not finite", said)
    path = found.save(tmp_path)
    points = pd.read_csv(path / "not_finite.csv")
    assert set(points["method"]) == {"Morris", "Sobol'"}
    assert (points["levers.exit_window.target"] > 0.9).all()
    assert (points["numbers"] == 1).all()
    with pytest.raises(InputError, match=r"not finite.*not_finite=leave_out"):
        pujiang.sensitivity(axes=AXES, methods=["sobol"], sobol_size=64, not_finite="refuse", **SMALL)


# --- what is asked ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [("design.size", 64), ("design", "lhs"), ("ensemble", 5), ("ensemble.size", 5), ("output.precision", "float32")],
)
def test_is_what_is_not_used_refused(key: str, value: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", f"{key}={value}"]) == 2
    assert f"{key}: not used by sensitivity" in capsys.readouterr().err
    head, _, rest = key.partition(".")
    if head != "output":
        with pytest.raises(InputError, match="not used by sensitivity"):
            pujiang.sensitivity(**{head: {rest: value} if rest else value})


def test_may_the_command_name_outcomes_years_and_sizes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [f"{key}={value}" for key, value in AXES.items()]
    own = ["outcomes=[gdp,star_listings]", "years=[2026,2027]", "methods=[morris]", "morris.size=4", "fit=declared"]
    more = ["simulation.last_year=2028", "simulation.dt=0.125", f"output.folder={tmp_path}"]
    assert main(["sensitivity", *words, *own, *more]) == 0
    table = pd.read_csv(run_folder.latest(tmp_path) / "morris.csv")
    assert set(table["outcome"]) == {"gdp", "star_listings"}
    assert set(table["year"]) == {2026, 2027}
    assert "Morris: 4 trajectories" in capsys.readouterr().out
    for wrong in ("years=[2014]", "outcomes=[gdpp]", "not_finite=drop", "methods=[morris] methods=[sobol]"):
        assert main(["sensitivity", *words, *more, *wrong.split()]) == 2


def test_does_a_figure_say_what_it_leaves_out(tmp_path: Path) -> None:
    found = pujiang.sensitivity(axes=AXES, methods=["tornado", "morris"], morris_size=4, **SMALL)
    write_sensitivity_figures(tmp_path, {"tornado": found.tornado, "morris": found.morris}, found.presentation)
    outcomes = len(found.plan.outcomes)
    assert f"of {len(AXES)} inputs" in (tmp_path / "morris.svg").read_text(encoding="utf-8")
    assert "tornado.csv holds all" in (tmp_path / "tornado.svg").read_text(encoding="utf-8")
    assert outcomes > 20
