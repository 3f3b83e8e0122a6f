"""Is a point of a sweep the run it stands for, and is what cannot be swept refused?"""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.stats import norm

import pujiang
from pujiang.configuration.sweep_axes import axes_from_csv
from pujiang.declare import lognormal, normal
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment import sweep as sweeps
from pujiang.experiment import sweep_runs
from pujiang.experiment.axes import PriorWithin, at

SMALL: dict[str, Any] = {"fit": "declared", "simulation": {"dt": 0.125, "last_year": 2028}}
UNCERTAIN = "parameters.startup_failure_rate"


def swept(system: System, axes: dict[str, Any], **given: Any) -> xr.Dataset:
    """The cube of a small sweep."""
    return pujiang.sweep(axes, system=system, **{**SMALL, **given})["annual"].to_dataset()


def alone(system: System, scenario: str = "baseline", **given: Any) -> xr.Dataset:
    """One run of its own."""
    tree = pujiang.run(scenario, system=system, **{"ensemble": 0, **SMALL, **given})
    return tree["annual"].to_dataset().isel(scenario=-1, drop=True)


def same(point: xr.Dataset, run: xr.Dataset, rtol: float = 0.0) -> None:
    """Every outcome of a point is that of the run."""
    assert set(point.data_vars) == set(run.data_vars)
    for name in run.data_vars:
        np.testing.assert_allclose(point[name].values, run[name].values, rtol=rtol, atol=0, err_msg=str(name))


# --- a point is a run -------------------------------------------------------------------------------------


def test_is_a_point_of_a_grid_bit_for_bit_the_run_alone(system: System) -> None:
    cube = swept(system, {"levers.exit_window.target": "range(0,1.01,0.1)", UNCERTAIN: [0.1, 0.2]})
    assert cube["gdp"].dims == ("scenario", "exit_window", "startup_failure_rate", "member", "year")
    assert cube["industry_output"].dims[-1] == "industry"
    run = alone(system, levers={"exit_window": 0.3}, parameters={"startup_failure_rate": 0.2})
    same(cube.sel(scenario="baseline", exit_window=0.3, startup_failure_rate=0.2), run)
    other = cube.sel(scenario="baseline", exit_window=1.0, startup_failure_rate=0.2)
    assert (other["star_listings"].sel(year=2028) > run["star_listings"].sel(year=2028)).all()


def test_is_the_end_of_a_ramp_to_rounding_the_run_alone(system: System) -> None:
    ramp = {"start": 2026.0, "end": 2028.0, "shape": "ramp"}
    cube = swept(system, {"levers.basic_share_target.target": [0.12, 0.17]}, levers={"basic_share_target": ramp})
    run = alone(system, levers={"basic_share_target": {**ramp, "target": 0.17}})
    same(cube.sel(scenario="baseline", basic_share_target=0.17), run, rtol=1e-12)


def test_are_dates_and_the_start_of_a_ramp_swept_too(system: System) -> None:
    axes = {
        "levers.research_tax_incentive.target": [0.1, 0.3],
        "levers.research_tax_incentive.from": [0.05, 0.2],
        "levers.research_tax_incentive.start": [2026.0, 2026.5],
        "levers.research_tax_incentive.end": "range(2027,2028.1,0.5)",
    }
    cube = swept(system, axes, levers={"research_tax_incentive": {"shape": "ramp"}})
    setting = {"shape": "ramp", "target": 0.3, "from": 0.2, "start": 2026.5, "end": 2027.5}
    run = alone(system, levers={"research_tax_incentive": setting})
    point = cube.sel(
        scenario="baseline",
        research_tax_incentive=0.3,
        research_tax_incentive_from=0.2,
        research_tax_incentive_start=2026.5,
        research_tax_incentive_end=2027.5,
    )
    same(point, run, rtol=1e-12)
    assert len(np.unique(cube["research_spending"].sel(year=2028))) == 2 * 2 * 2 * 3


def test_does_a_lever_without_a_default_act_only_from_its_start(system: System) -> None:
    cube = swept(
        system,
        {
            "levers.research_intensity_target.target": [0.05, 0.06],
            "levers.research_intensity_target.start": [2026, 2027],
        },
    )
    for start in (2026.0, 2027.0):
        run = alone(system, levers={"research_intensity_target": {"target": 0.06, "start": start}})
        point = cube.sel(scenario="baseline", research_intensity_target=0.06, research_intensity_target_start=start)
        same(point, run)


def test_are_scenarios_shocks_and_shapes_dimensions(system: System) -> None:
    axes = {
        "levers.research_tax_incentive.shape": ["step", "pulse"],
        "levers.research_tax_incentive.target": [0.1, 0.3],
    }
    names = ["baseline", "exit_drought"]
    with pytest.raises(InputError, match="a step has none"):
        swept(system, axes, scenario=names, levers={"research_tax_incentive": {"end": 2027.0}})
    axes["levers.research_tax_incentive.shape"] = ["ramp", "pulse"]
    cube = swept(system, axes, scenario=names, levers={"research_tax_incentive": {"end": 2027.0}})
    assert cube["gdp"].dims[:3] == ("scenario", "research_tax_incentive_shape", "research_tax_incentive")
    setting = {"shape": "pulse", "end": 2027.0, "target": 0.3}
    run = alone(system, "exit_drought", levers={"research_tax_incentive": setting})
    point = cube.sel(scenario="exit_drought", research_tax_incentive_shape="pulse", research_tax_incentive=0.3)
    same(point, run, rtol=1e-12)


def test_do_scenarios_alone_make_a_sweep(system: System) -> None:
    cube = swept(system, {}, scenario=["baseline", "exit_drought"])
    assert cube["gdp"].dims == ("scenario", "member", "year")
    same(cube.sel(scenario="exit_drought"), alone(system, "exit_drought"))


def test_is_a_point_crossed_with_the_members_of_a_run(system: System) -> None:
    cube = swept(system, {"levers.exit_window.target": [0.2, 0.9]}, ensemble={"size": 3, "seed": 5})
    run = alone(system, levers={"exit_window": 0.9}, ensemble={"size": 3, "seed": 5})
    same(cube.sel(scenario="baseline", exit_window=0.9), run)
    assert len(np.unique(cube["gdp"].sel(year=2028, exit_window=0.9))) == 4


def test_does_a_sampled_design_keep_its_values_beside_each_point(system: System) -> None:
    axes = {"levers.exit_window.target": "interval(0.2,0.9)", UNCERTAIN: "prior"}
    cube = swept(system, axes, design={"kind": "lhs", "size": 16, "seed": 3})
    assert cube["gdp"].dims == ("scenario", "point", "member", "year")
    assert cube["exit_window"].dims == ("point",)
    assert 0.2 <= float(cube["exit_window"].min()) < 0.25 < 0.85 < float(cube["exit_window"].max()) <= 0.9
    median = system.parameters["startup_failure_rate"].prior.center
    assert (cube["startup_failure_rate"] < median).sum() == 8
    point = cube.isel(point=7, scenario=0)
    run = alone(
        system,
        levers={"exit_window": float(point["exit_window"])},
        parameters={"startup_failure_rate": float(point["startup_failure_rate"])},
    )
    same(point, run)


def test_are_sampled_dates_put_on_the_grid_of_steps(system: System) -> None:
    axes = {"levers.exit_window.start": "interval(2026,2028)", "levers.exit_window.target": [1.0]}
    cube = swept(system, axes, design={"kind": "sobol", "size": 16})
    assert (cube["exit_window_start"] % 0.125 == 0).all()
    point = cube.isel(point=3, scenario=0)
    same(point, alone(system, levers={"exit_window": {"target": 1.0, "start": float(point["exit_window_start"])}}))


def test_do_many_dates_go_through_in_portions(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    axes = {"levers.exit_window.start": "range(2026,2028,0.5)", "levers.exit_window.target": [0.0, 1.0]}
    whole = swept(system, axes)
    monkeypatch.setattr(sweep_runs, "SHAPES_AT_ONCE", 3)
    xr.testing.assert_identical(swept(system, axes), whole)


def test_does_every_uncertain_parameter_vary_where_asked(system: System) -> None:
    cube = swept(system, {"parameters": "prior"}, design={"kind": "sobol", "size": 2}, outcomes=["gdp"])
    names = [name for name in cube.coords if cube[name].attrs.get("kind") == "parameter"]
    assert len(names) > 100
    assert list(cube.data_vars) == ["gdp"]
    assert cube[names[0]].attrs["key"].startswith("parameters.")


def test_is_the_reference_the_runs_without_axes(system: System) -> None:
    tree = pujiang.sweep({"levers.exit_window.target": [0.9]}, "exit_drought", system=system, **SMALL)
    reference = tree["reference"].to_dataset()
    assert list(reference["scenario"].values) == ["baseline", "exit_drought"]
    same(reference.sel(scenario="exit_drought", drop=True), alone(system, "exit_drought"))


def test_are_points_read_from_a_file(system: System, tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text(f"levers.exit_window.target,{UNCERTAIN}\n0.3,0.2\n\n0.9,0.1\n", encoding="utf-8")
    cube = swept(system, {}, design={"kind": "csv", "file": file})
    assert dict(cube.sizes)["point"] == 2
    run = alone(system, levers={"exit_window": 0.9}, parameters={"startup_failure_rate": 0.1})
    same(cube.isel(scenario=0, point=1), run)


# --- blocks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [[7], [3, 4, 5], [1000, 1000], [1, 9000, 2], [5, 1, 1]])
@pytest.mark.parametrize("runs_per_point", [1, 7, 9000])
def test_does_a_block_stay_small_and_even(sizes: list[int], runs_per_point: int) -> None:
    shape = sweeps.chunk_shape(sizes, runs_per_point)
    assert all(1 <= length <= size for length, size in zip(shape, sizes, strict=True))
    assert np.prod(shape) * runs_per_point <= max(sweeps.RUNS_IN_BLOCK, runs_per_point)


def test_do_blocks_change_no_bit(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    axes = {"levers.exit_window.target": "range(0,1,0.25)", UNCERTAIN: [0.1, 0.15]}
    whole = swept(system, axes)
    for size in (1, 5):
        monkeypatch.setattr(sweeps, "RUNS_IN_BLOCK", size)
        xr.testing.assert_identical(swept(system, axes), whole)


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("axes", "given", "words"),
    [
        ({"levers.exit_windo.target": [1]}, {}, "levers.exit_windo.target: unknown lever 'exit_windo'"),
        ({"levers.exit_window.height": [1]}, {}, "unknown key of lever 'exit_window' 'height'"),
        ({"parameters.nothing_like_it": [1]}, {}, "parameters.nothing_like_it: unknown parameter"),
        ({"simulation.dt": [0.125, 0.25]}, {}, "simulation.dt: cannot be swept"),
        ({"levers.exit_window.target": "range(1,0,0.1)"}, {}, "holds no value"),
        ({"levers.exit_window.target": "range(0,1,0)"}, {}, "needs finite numbers and a step"),
        ({"levers.exit_window.target": []}, {}, "no value is given"),
        ({"levers.exit_window.target": [0.5, float("nan")]}, {}, "found nan, needs a finite number"),
        ({"levers.exit_window.target": [0.5, 9]}, {}, "found 9, allowed from 0 to 1.5"),
        ({"levers.exit_window.target": ["high", 1]}, {}, "found 'high', needs a number"),
        ({"levers.exit_window.target": [0.5, 0.5]}, {}, "found 0.5 twice"),
        ({"levers.exit_window.target": "interval(1,0)"}, {"design": "lhs"}, "interval(1,0) is empty"),
        ({"levers.exit_window.target": "interval(0,1)"}, {}, "a grid needs values"),
        ({"levers.exit_window.target": "prior"}, {"design": "lhs"}, "has no prior"),
        ({"levers.exit_window.start": [2026]}, {}, "levers.exit_window"),
        ({"levers.exit_window.start": [2026.1], "levers.exit_window.target": [1]}, {}, "not on the grid"),
        ({"levers.exit_window.start": [2020], "levers.exit_window.target": [1]}, {}, "allowed from 2026"),
        ({"levers.exit_window": [1], "levers.exit_window.target": [1]}, {}, "swept twice"),
        (
            {"levers.exit_window.start": [2026, 2028], "levers.exit_window.target": [1]},
            {"levers": {"exit_window": {"shape": "pulse", "end": 2027.0}}},
            "levers.exit_window.end: found 2027, must be later than the start, 2028",
        ),
        ({}, {}, "needs an axis"),
        ({UNCERTAIN: "prior"}, {"design": {"kind": "sobol", "size": 1000}}, "nearest: 512 and 1024"),
        ({"parameters": "prior"}, {"design": {"kind": "lhs", "size": 10_000_000}}, "too many for design=lhs"),
        ({UNCERTAIN: "prior"}, {"design": "latin"}, "design: found 'latin', allowed: grid, lhs"),
        ({UNCERTAIN: [0.1]}, {"design": {"kind": "grid", "size": 9}}, "found beside design=grid"),
        ({}, {"design": "csv"}, "design.file: missing"),
        ({UNCERTAIN: [0.1]}, {"outcomes": ["gpd"]}, "did you mean 'gdp'"),
        ({UNCERTAIN: [0.1]}, {"precision": "float16"}, "allowed: float64, float32"),
        ({UNCERTAIN: [0.1]}, {"scenario": ["baseline", "nowhere"]}, "scenario: found 'nowhere'"),
        ({UNCERTAIN: "range(0.1,0.2,1e-12)"}, {}, "allowed: up to"),
    ],
)  # fmt: skip
def test_is_what_cannot_be_swept_refused_in_one_line(
    system: System, axes: dict[str, Any], given: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=re.escape(words)) as caught:
        swept(system, axes, **given)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "found 0 points"),
        (f"{UNCERTAIN}\n", "found 0 points"),
        (f"{UNCERTAIN}\n0.1\nmuch\n", f"csv:3: {UNCERTAIN}: found 'much', needs a number"),
        (f"{UNCERTAIN}\n0.1\n\nnan\n", "csv:4: "),
        (f"{UNCERTAIN}\n7\n", "csv:2: "),
        (f"{UNCERTAIN}\n0.1,2\n", "csv:2: found 2 values, needs 1"),
        ("levers.exit_windo.target\n1\n", "csv:1: levers.exit_windo.target: unknown lever"),
        ("fit\n1\n", "csv:1: fit: cannot be swept"),
        ("levers.exit_window.start,levers.exit_window.target\n2026.1,1\n", "csv:2: levers.exit_window.start: 2026.1"),
        (f"{UNCERTAIN},{UNCERTAIN}\n0.1,0.1\n", "found twice"),
    ],
)
def test_is_a_bad_file_refused_with_its_line(system: System, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "points.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(words)) as caught:
        swept(system, {}, design={"kind": "csv", "file": file})
    assert "\n" not in str(caught.value)


def test_a_prior_in_a_sweep_is_cut_off_at_the_bounds_and_not_heaped_on_them() -> None:
    """As in an ensemble: of a normal prior between -1/2 and 1 sd, each slice has its share of the normal's mass."""
    shares = (np.arange(4000) + 0.5) / 4000
    values = at(PriorWithin(normal(2.0, 1.0), 1.5, 3.0), shares)
    assert values.min() > 1.5
    assert values.max() < 3.0
    inside = norm.cdf(1.0) - norm.cdf(-0.5)
    for low, high in ((1.5, 1.6), (1.9, 2.1), (2.9, 3.0)):
        expected = (norm.cdf(high - 2) - norm.cdf(low - 2)) / inside
        assert np.mean((values >= low) & (values < high)) == pytest.approx(expected, abs=1e-3)


def test_a_prior_that_cannot_reach_its_bounds_keeps_its_whole_course() -> None:
    values = at(PriorWithin(lognormal(1.0, 0.1), 0.0, 50.0), np.array([0.1, 0.5, 0.9]))
    assert values == pytest.approx(np.exp(0.1 * norm.ppf([0.1, 0.5, 0.9])))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_are_points_read_as_a_spreadsheet_wrote_them(system, tmp_path, separator) -> None:
    keys = ["levers.exit_window.target", UNCERTAIN]
    rows = [[*keys, ""], ["0.5", "0.1", ""], ["0.8", "0.12", ""], ["", "", ""]]
    path = tmp_path / "points.csv"
    path.write_text("\r\n".join(map(separator.join, rows)), encoding="utf-8-sig")
    spreads, points = axes_from_csv(path, system, 1 / 16)
    assert list(spreads) == keys
    np.testing.assert_array_equal(points, [[0.5, 0.8], [0.1, 0.12]])
