"""Does a model of another tool go through our commands without a line of code: ensemble, sweep, indices, page?"""

from pathlib import Path

import numpy as np
import pytest

import pujiang
from pujiang.cli import main
from pujiang.errors import InputError, ModelError
from pujiang.results import run_folder

MODELS = Path(__file__).parent / "models"
BESIDE = """
characteristic_time: {bounds: [5, 20], prior: {lognormal: [10, 0.3]}}
room_temperature: {bounds: [60, 80], prior: {normal: [70, 4]}}
"""


@pytest.fixture
def teacup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model and what is known of its numbers, in the working folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "teacup.mdl"
    path.write_bytes((MODELS / "teacup.mdl").read_bytes())
    path.with_suffix(".yaml").write_text(BESIDE, encoding="utf-8")
    return path


def latest() -> Path:
    return run_folder.latest(Path("runs"))


def cooled(time: np.ndarray, room: np.ndarray, minutes: int) -> np.ndarray:
    """The temperature after some minutes of eight steps each, by Euler's method."""
    return room + (180 - room) * (1 - 0.125 / time) ** (8 * minutes)


def test_ten_thousand_members_by_command(teacup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "model=teacup.mdl", "ensemble=10000", "ensemble.kind=prior", "output.figures=false"]) == 0
    assert "medians of 10,000 members" in capsys.readouterr().out
    annual = pujiang.open(latest())["annual"]["teacup_temperature"].sel(scenario="baseline")
    assert annual.sizes == {"member": 10_001, "year": 30}
    assert float(annual[0, 0]) == pytest.approx(float(cooled(np.array(10.0), np.array(70.0), 1)), rel=1e-12)
    assert annual[:, -1].std() > 1


def test_what_has_no_prior_has_no_ensemble_and_says_so(teacup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    teacup.with_suffix(".yaml").unlink()
    assert main(["run", "model=teacup.mdl", "ensemble=10000", "output.figures=false"]) == 0
    assert "No ensemble: nothing in the model has a prior to draw from." in capsys.readouterr().out


def test_its_page_has_a_slider_for_what_is_a_lever(teacup: Path) -> None:
    """And a run is told of it as of any lever, over time."""
    teacup.with_suffix(".yaml").write_text("room_temperature: {lever: [50, 90]}", encoding="utf-8")
    assert main(["page", "model=teacup.mdl", "--out", "teacup.html"]) == 0
    assert '"room_temperature"' in Path("teacup.html").read_text(encoding="utf-8")
    words = "levers.room_temperature.target=90 levers.room_temperature.start=10 output.figures=false"
    assert main(["run", "model=teacup.mdl", *words.split()]) == 0
    annual = pujiang.open(latest())["annual"]["teacup_temperature"].squeeze("member")
    shrinks = (1 - 0.125 / 10) ** (8 * 20)
    expected = 90 + (cooled(np.array(10.0), np.array(70.0), 10) - 90) * shrinks
    assert float(annual.isel(scenario=-1, year=-1)) == pytest.approx(float(expected), rel=1e-12)
    assert float(annual.isel(scenario=0, year=-1)) == pytest.approx(float(cooled(np.array(10.0), np.array(70.0), 30)))


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ("{lever: [50, 90], bounds: [1, 2]}", "allowed: lever: .lower, upper. alone, or bounds and prior"),
        ("{lever: [80, 90]}", "room_temperature.lever: .80.0, 90.0. leaves out its value, 70"),
        ("{reach: [80, 90]}", "room_temperature: allowed: bounds, prior, lever"),
    ],
)
def test_a_lever_that_is_none_is_refused(teacup: Path, facts: str, named: str) -> None:
    teacup.with_suffix(".yaml").write_text(f"room_temperature: {facts}", encoding="utf-8")
    with pytest.raises(InputError, match=named):
        pujiang.read(teacup)


def test_its_indices_by_command(teacup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The room's share grows with time: at last the tea is as warm as the room."""
    assert main(["sensitivity", "model=teacup.mdl", "sobol.size=1024", "methods=[sobol]"]) == 0
    assert "characteristic_time" in capsys.readouterr().out


def test_a_sweep_of_it_is_what_its_equation_says(teacup: Path) -> None:
    times, rooms = np.array([5.0, 10, 20]), np.array([60.0, 75])
    tree = pujiang.read(teacup).sweep({"parameters.characteristic_time": times, "parameters.room_temperature": rooms})
    found = tree["annual"]["teacup_temperature"].squeeze(drop=True).isel(year=-1)
    expected = cooled(times[:, None], rooms[None, :], 30)
    assert found.transpose("characteristic_time", "room_temperature").values == pytest.approx(expected, rel=1e-12)


def test_its_words_are_described_with_file_and_line(teacup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "model=teacup.mdl", "heat_loss_to_room"]) == 0
    out = capsys.readouterr().out
    assert "*flow, Degrees/Minute*" in out
    assert "- file: teacup.mdl:2" in out
    assert main(["check", "--project", "teacup.mdl"]) == 0
    assert main(["report", "model=teacup.mdl"]) == 2  # there is no run yet


def test_it_goes_out_again(teacup: Path) -> None:
    assert main(["export", "model=teacup.mdl", "--out", "teacup.xmile"]) == 0
    once, twice = pujiang.read(teacup), pujiang.read("teacup.xmile")
    simulations = [m.configure().simulation for m in (once, twice)]
    assert len({(s.first_year, s.last_year, s.dt, s.method) for s in simulations}) == 1
    annual = [m.outcomes()["teacup_temperature"].values for m in (once, twice)]
    assert annual[1] == pytest.approx(annual[0], rel=1e-12)


def test_a_run_that_has_no_whole_units_of_time_is_refused(teacup: Path) -> None:
    teacup.write_text(teacup.read_text().replace("FINAL TIME  = 30", "FINAL TIME  = 30.5"), encoding="utf-8")
    with pytest.raises(InputError, match=r"teacup.mdl: its run goes from 0 to 30.5 in steps of 0.125; allowed: whole"):
        pujiang.read(teacup)


def test_a_cycle_without_a_stock_is_refused_by_its_names(teacup: Path) -> None:
    text = teacup.read_text().replace("Room Temperature=\n\t70", "Room Temperature=\n\tHeat Loss to Room")
    teacup.write_text(text, encoding="utf-8")
    teacup.with_suffix(".yaml").unlink()
    with pytest.raises(ModelError, match="cycle without a stock: heat_loss_to_room -> room_temperature"):
        pujiang.read(teacup).system  # noqa: B018
