"""Do words pick the scenarios and points they say, and are wrong ones refused with what there is?"""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import xarray as xr
import yaml

from pujiang.api.functions import load_model
from pujiang.cli import main
from pujiang.errors import InputError
from pujiang.results.compare import compare, files
from pujiang.results.compare.table import comparison_table

Write = Callable[..., Path]
WINDOWS = [0.0, 0.4, 1.0]


def sweep(synthetic: ModuleType, *, scattered: bool = False) -> xr.DataTree:
    """A sweep over an axis, as pujiang.sweep gives it; each point is its scenario times 1 + 0.1 exit_window."""
    plain = synthetic.make_tree(draws=10)["annual"].to_dataset()
    dimension = "point" if scattered else "exit_window"
    factor = xr.DataArray(1 + 0.1 * np.array(WINDOWS), dims=dimension)
    with xr.set_options(keep_attrs=True):
        cube = (plain * factor).transpose("scenario", dimension, "member", "year", "industry")
    window = (dimension, WINDOWS, {"key": "levers.exit_window.target"})
    cube = cube.assign_coords(exit_window=window)
    for name in cube.data_vars:
        cube[name].attrs = plain[name].attrs
    return xr.DataTree.from_dict({"/annual": cube, "/reference": plain})


def test_a_scenario_of_a_run_on_disk_is_picked_by_a_colon(write: Write, synthetic: ModuleType) -> None:
    first = write(tree=synthetic.make_tree(synthetic.SCENARIOS, 10))
    second = write(tree=synthetic.make_tree(synthetic.SCENARIOS, 10))
    found = compare(f"{first}:exit_drought", f"{second}:fifteenth_plan,deep_basic_research")
    assert found.cases == ("baseline", "exit_drought", "fifteenth_plan", "deep_basic_research")
    same = compare(f"{first}:exit_drought", f"{second}:exit_drought")
    suffixes = [path.name.rpartition("-")[2] for path in (first, second)]
    assert same.cases == ("baseline", *(f"exit_drought ({suffix})" for suffix in suffixes))


def test_the_reference_may_be_any_scenario(write: Write, synthetic: ModuleType) -> None:
    run = write(tree=synthetic.make_tree(synthetic.SCENARIOS, 10))
    found = compare(f"{run}:exit_drought", baseline=f"{run}:fifteenth_plan")
    assert found.cases == ("fifteenth_plan", "exit_drought")
    assert found.reference == "fifteenth_plan"


@pytest.mark.parametrize("scattered", [False, True])
def test_points_of_a_sweep_are_compared_with_a_run(synthetic: ModuleType, scattered: bool) -> None:
    tree = synthetic.make_tree(draws=10)
    found = compare(tree, (sweep(synthetic, scattered=scattered), "fifteenth_plan,exit_window=0.4"))
    assert found.shared_members
    point = "point=1" if scattered else "exit_window=0.4"
    assert found.cases == ("baseline", "fifteenth_plan", f"fifteenth_plan {point}")
    last = found.annual["gdp"].sel(year=2030)
    assert np.allclose(last.sel(case=found.cases[2]), 1.04 * last.sel(case="fifteenth_plan"))


def test_an_open_axis_gives_a_case_a_value(synthetic: ModuleType) -> None:
    found = compare((sweep(synthetic), "fifteenth_plan"))
    assert found.cases[1:] == tuple(f"fifteenth_plan exit_window={value:g}" for value in WINDOWS)
    assert found.inputs["words"].tolist() == [f"exit_window {value:g} from 2026" for value in WINDOWS]


def test_a_point_of_a_sample_goes_by_its_number_and_says_where_it_is(synthetic: ModuleType) -> None:
    found = compare((sweep(synthetic, scattered=True), "baseline,point=2"))
    assert found.cases == ("baseline", "baseline point=2")
    assert found.inputs["words"].tolist() == ["exit_window 1 from 2026"]


def test_labels_of_points_are_never_cut_short(synthetic: ModuleType) -> None:
    text = comparison_table(compare((sweep(synthetic), "fifteenth_plan")))
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_tables_are_on_members_both_have(synthetic: ModuleType) -> None:
    large = synthetic.make_tree(draws=30)
    found = compare(large, (large.sel(member=slice(0, 10)), "fifteenth_plan"))
    assert found.annual["gdp"].dims == ("case", "member", "year")
    assert found.annual.sizes["member"] == 11
    assert "10 shared members" in str(found.notes[0])


@pytest.mark.parametrize(
    ("selector", "part"),
    [
        ("fiftenth_plan", "no scenario 'fiftenth_plan' in this run; it has baseline, fifteenth_plan; did you mean"),
        ("exit_window=0.8", "no such value; nearest: 0.4, 1"),
        ("exit_windw=0.4", "no axis 'exit_windw'; it has scenario, exit_window; did you mean 'exit_window'?"),
        ("exit_window=wide", "found 'wide', needs a number"),
    ],
)
def test_a_selector_that_picks_nothing_is_one_line(synthetic: ModuleType, selector: str, part: str) -> None:
    with pytest.raises(InputError) as fault:
        compare((sweep(synthetic), selector))
    assert part in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_sweep_without_a_selector_is_too_much(synthetic: ModuleType) -> None:
    tree = sweep(synthetic)
    many = xr.concat([tree["annual"].to_dataset()] * 9, "step").assign_coords(step=np.arange(9.0))
    many = many.transpose("scenario", "exit_window", "step", "member", "year", "industry")
    wide = xr.DataTree.from_dict({"/annual": many, "/reference": tree["reference"].to_dataset()})
    with pytest.raises(InputError, match=r"54 cases are too many.*pick values of scenario \(2\), exit_window \(3\)"):
        compare(wide)


def test_outcomes_are_picked_by_name_and_element(synthetic: ModuleType) -> None:
    tree = synthetic.make_tree()
    found = compare(tree, outcomes=["gdp", "industry_output.ic"])
    assert set(found.table["outcome"]) == {"gdp", "industry_output"}
    assert set(found.table["element"]) == {"", "ic"}
    text = comparison_table(found, outcomes=["gdp", "industry_output.ic"])
    assert "Integrated circuits" in text
    assert "Patent" not in text
    with pytest.raises(InputError, match="no outcome 'gpd' in all of the runs; did you mean 'gdp'"):
        compare(tree, outcomes=["gpd"])


def test_runs_without_a_common_outcome_are_refused(synthetic: ModuleType) -> None:
    tree = synthetic.make_tree()
    parts = (
        xr.DataTree.from_dict({"/annual": tree["annual"].to_dataset()[[name]]}) for name in ("gdp", "star_listings")
    )
    with pytest.raises(InputError, match="no outcome in common"):
        compare(*parts)


def with_config(tree: xr.DataTree, model: str = "m", dt: float = 0.0625, **levers: object) -> xr.DataTree:
    """A tree with the record of a run."""
    config = {
        "scenarios": [{"name": "baseline"}, {"name": "fifteenth_plan", "levers": levers}],
        "simulation": {"dt": dt, "method": "rk4"},
        "ensemble": {"kind": "laplace", "size": 20, "seed": 1},
    }
    copy = tree.copy(deep=True)
    copy.attrs = {"model_hash": model, "data_hash": "d", "fit": "f", "seed": 1, "config": yaml.safe_dump(config)}
    return copy


def test_different_models_are_said_before_anything_else(synthetic: ModuleType) -> None:
    tree = synthetic.make_tree()
    text = comparison_table(compare(with_config(tree), with_config(tree, "other")))
    assert text.splitlines()[0].startswith("DIFFERENT MODELS: run 1 m, run 2 other.")


def test_different_steps_share_members_and_are_said(synthetic: ModuleType) -> None:
    tree = synthetic.make_tree()
    coarse = with_config(tree, dt=0.125)
    coarse["annual"]["gdp"] *= 1 + 1e-6
    found = compare(with_config(tree), coarse)
    assert found.shared_members
    assert str(found.notes[0]).startswith("Different step (year): run 1 0.0625, run 2 0.125.")
    assert [case for case in found.cases if case.startswith("baseline")] == ["baseline (run 1)", "baseline (run 2)"]


def test_what_differs_in_the_levers_is_put_in_words(synthetic: ModuleType) -> None:
    model = load_model()
    models = {model.hash: model.levers}
    rest = model.levers["exit_window"].default
    tree = synthetic.make_tree()
    first = with_config(tree, model.hash, exit_window={"target": 1.0, "start": 2026.0, "shape": "step"})
    second = with_config(tree, model.hash)
    found = compare((first, "fifteenth_plan"), (second, "fifteenth_plan"), models=models)
    assert found.inputs["words"].tolist() == [f"exit_window {rest:g} → 1 from 2026"]
    turned = compare((second, "fifteenth_plan"), baseline=(first, "fifteenth_plan"), models=models)
    assert turned.inputs["words"].tolist() == [f"exit_window {rest:g} (there: {rest:g} → 1 from 2026)"]


def test_a_case_compared_with_itself_alone_is_refused(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", f"{write()}:baseline"]) == 2
    assert "holds nothing but baseline; name a second run or scenario" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "part"),
    [(["--year", "2040"], "--year: found 2040, the runs have 2015 to 2030"), (["--year", "x"], "--year")],
)
def test_a_year_that_is_not_there_is_refused(
    write: Write, capsys: pytest.CaptureFixture[str], options: list[str], part: str
) -> None:
    assert main(["compare", str(write()), *options]) == 2
    captured = capsys.readouterr()
    assert part in captured.err
    assert captured.out == ""


def test_the_files_are_all_there_and_never_replaced(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # as wide as the file
    out = tmp_path / "made" / "comparison"
    run = str(write())
    assert main(["compare", run, "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "compare.csv", "comparison.txt", "differences.svg", "goals.csv", "inputs.csv", "ranks.csv", "regret.csv",
    ]  # fmt: skip
    assert (out / "comparison.txt").read_text(encoding="utf-8") in capsys.readouterr().out
    assert main(["compare", run, "--out", str(out)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert [path.name for path in out.parent.iterdir()] == ["comparison"]


def test_files_that_cannot_all_be_written_leave_nothing(
    synthetic: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_figure", full)
    with pytest.raises(InputError, match="No space left on device"):
        files.write_comparison(compare(synthetic.make_tree()), tmp_path / "out", "text")
    assert not list(tmp_path.iterdir())
