"""Are a user's data read in the units the model reads, and are gaps in them told?"""

import re
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import pujiang
from pujiang.api.model import Model
from pujiang.cli import main
from pujiang.errors import InputError
from pujiang.experiment.inputs import series_profiles

FUNDING = "government_research_funding_observed"


def rewritten(model: Model, folder: Path, name: str, change: Callable[[str], str]) -> Path:
    """A folder of evidence with one file of the project's, changed."""
    assert model.project.data is not None
    text = (model.project.data / name).read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    (folder / name).write_text(changed, encoding="utf-8")
    return folder


def funding_in(unit: str, factor: float) -> Callable[[str], str]:
    def change(text: str) -> str:
        return re.sub(
            rf"^({FUNDING},[\d.]+),([\d.]+),billion_yuan/year",
            lambda found: f"{found[1]},{float(found[2]) * factor:.12g},{unit}",
            text,
            flags=re.MULTILINE,
        )

    return change


@pytest.mark.parametrize(
    ("unit", "factor"), [("million_yuan/year", 1e3), ("亿元/年", 10), ("billion_yuan/month", 1 / 12)]
)
@pytest.mark.filterwarnings("ignore:The fit 'shipped' was made on other evidence")
def test_a_series_in_another_unit_runs_as_the_same_money(
    model: Model, tmp_path: Path, unit: str, factor: float
) -> None:
    mine = model.evidence(str(rewritten(model, tmp_path, "inputs.csv", funding_in(unit, factor))))
    assert mine.inputs[FUNDING].unit == "billion_yuan/year"
    np.testing.assert_allclose(mine.inputs[FUNDING].values, model.evidence().inputs[FUNDING].values, rtol=1e-10)
    ours, theirs = (
        pujiang.run(ensemble=0, evidence=name)["annual"].research_intensity.values
        for name in (str(tmp_path), "shipped")
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@pytest.mark.parametrize("unit", ["bananas", "billion_yuan", "billion_yuan_2015/year", "person/year", "1"])
def test_a_series_that_measures_something_else_is_refused_naming_both(
    model: Model, tmp_path: Path, unit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rewritten(model, tmp_path, "inputs.csv", funding_in(unit, 1))
    assert main(["run", f"evidence={tmp_path}", "ensemble=0", f"output.folder={tmp_path / 'runs'}"]) == 2
    said = capsys.readouterr().err
    assert f"'{unit}'" in said
    assert "'billion_yuan/year'" in said
    assert FUNDING in said
    assert said.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_is_the_history_of_a_lever_compared_too(model: Model, tmp_path: Path) -> None:
    history = next(lever.history for lever in model.system.levers.values() if lever.history is not None)
    unit = model.evidence().inputs[history].unit

    def change(text: str) -> str:
        return re.sub(rf"^({history},[\d.]+,[^,]+),{unit}", r"\1,bananas", text, flags=re.MULTILINE)

    with pytest.raises(InputError, match=f"{history}.*'bananas'.*'{unit}'"):
        model.evidence(str(rewritten(model, tmp_path, "inputs.csv", change)))


def test_an_observation_in_another_unit_is_held_against_the_same_outcome(model: Model, tmp_path: Path) -> None:
    def change(text: str) -> str:
        return text.replace(",billion_yuan,1,billion_yuan,venture_investment,", ",亿元,1,亿元,venture_investment,")

    mine = model.evidence(str(rewritten(model, tmp_path, "observations.csv", change)))
    ours, shipped = (
        [o.value for o in found.observations if o.outcome == "venture_investment" and o.base_year is None]
        for found in (mine, model.evidence())
    )
    np.testing.assert_allclose(ours, np.array(shipped) / 10, rtol=1e-12)
    assert {o.unit for o in mine.observations if o.outcome == "venture_investment"} == {"billion_yuan", "1"}


def test_an_error_is_converted_with_its_value(model: Model, tmp_path: Path) -> None:
    def change(text: str) -> str:
        return text.replace(",percent_rd,0.01,1,basic_research_share", ",percent,1,percent,basic_research_share")

    mine = model.evidence(str(rewritten(model, tmp_path, "observations.csv", change)))
    pairs = [
        (ours, theirs)
        for ours, theirs in zip(mine.observations, model.evidence().observations, strict=True)
        if ours.outcome == "basic_research_share"
    ]
    assert pairs
    for ours, theirs in pairs:
        assert ours.value == pytest.approx(theirs.value, rel=1e-12)
        assert ours.sd == (theirs.sd if theirs.sd_scale == "log" else pytest.approx(theirs.sd, rel=1e-12))


@pytest.mark.parametrize("unit", ["person", "bananas", "1"])
def test_an_observation_that_measures_something_else_is_refused(model: Model, tmp_path: Path, unit: str) -> None:
    def change(text: str) -> str:
        return text.replace(",billion_yuan,1,billion_yuan,gdp,", f",{unit},1,{unit},gdp,")

    with pytest.raises(InputError, match=f"'{unit}'.*'billion_yuan'.*gdp"):
        model.evidence(str(rewritten(model, tmp_path, "observations.csv", change)))


def test_a_scale_that_its_units_contradict_is_refused(model: Model, tmp_path: Path) -> None:
    def change(text: str) -> str:
        return text.replace(",billion_yuan,1,billion_yuan,gdp,", ",million_yuan,1,billion_yuan,gdp,")

    with pytest.raises(InputError, match=r"scale 1 from 'million_yuan' to 'billion_yuan', needs 0\.001"):
        model.evidence(str(rewritten(model, tmp_path, "observations.csv", change)))


def test_the_shipped_data_are_in_the_units_of_the_model(model: Model) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.evidence()
    for name, declared in model.system.series.items():
        assert model.evidence().inputs[name].unit == declared.unit


def without(year: int, *also: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf"^{FUNDING},{year}\.0,.*\n", "", text, flags=re.MULTILINE)


@pytest.mark.filterwarnings("always")
def test_a_missing_year_is_told(model: Model, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewritten(model, tmp_path, "inputs.csv", without(2019))
    assert (
        main(
            ["run", f"evidence={tmp_path}", "ensemble=0", "output.figures=false", f"output.folder={tmp_path / 'runs'}"]
        )
        == 0
    )
    said = capsys.readouterr().err
    assert said.count(f"{FUNDING} has nothing between 2018 and 2020; the value of 2018 is held") == 1


def test_where_a_line_is_declared_a_missing_year_lies_on_it(model: Model, tmp_path: Path) -> None:
    def change(text: str) -> str:
        linear = re.sub(rf"^({FUNDING},.*?),step,", r"\1,linear,", text, flags=re.MULTILINE)
        return without(2019)(linear)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mine = model.evidence(str(rewritten(model, tmp_path, "inputs.csv", change)))
    values = dict(zip(mine.inputs[FUNDING].times, mine.inputs[FUNDING].values, strict=True))
    at = series_profiles(mine)[FUNDING].from_right(np.array([2019.0]))
    assert at == pytest.approx((values[2018.0] + values[2020.0]) / 2)


# --- a fit and the evidence it was made on ------------------------------------------------------------------


def a_fit_on(folder: Path, evidence: str, model: Model) -> Path:
    """A fit as a calibration leaves it, without the search."""
    from pujiang.experiment.fit import Fit
    from pujiang.experiment.fit_files import save
    from pujiang.results import run_folder

    shipped = model.fit()
    facts = {**shipped.facts, "data_hash": model.evidence(evidence).sha256}
    with run_folder.building(folder) as partial:
        save(Fit(shipped.values, shipped.factor, facts), partial)
        (partial / "config.yaml").write_text(f"evidence: {evidence}\n", encoding="utf-8")
        return run_folder.finish(partial, {"kind": "calibration"})


def test_a_run_says_when_its_fit_is_of_other_evidence(
    model: Model, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    rewritten(model, mine, "inputs.csv", funding_in("million_yuan/year", 1e3))
    fit = a_fit_on(tmp_path / "fits", str(mine), model)
    rest = ["ensemble=0", "output.figures=false", f"output.folder={tmp_path / 'runs'}"]

    assert main(["run", f"fit={fit}", *rest]) == 0
    said = "".join(capsys.readouterr().out.split())
    told = f"The fit '{fit}' was made on other evidence than 'shipped', on which it is run. Its own: evidence={mine}"
    assert "".join(told.split()) in said
    assert main(["show", "latest", "--folder", str(tmp_path / "runs")]) == 0
    assert "was made on other evidence" in " ".join(capsys.readouterr().out.split())
    assert "made on other evidence" in pujiang.open("latest", tmp_path / "runs").attrs["fit_note"]

    assert main(["run", f"fit={fit}", f"evidence={mine}", *rest]) == 0
    assert "was made on" not in capsys.readouterr().out
    assert main(["run", f"evidence={mine}", *rest]) == 0
    assert "The fit 'shipped' was made on other evidence" in " ".join(capsys.readouterr().out.split())
    with pytest.warns(UserWarning, match="was made on other evidence"):
        pujiang.run(fit=str(fit), ensemble=0)
    with pytest.warns(UserWarning, match="was made on other evidence"):
        pujiang.sweep({"levers.exit_window.target": [0.2, 0.4]}, fit=str(fit))
