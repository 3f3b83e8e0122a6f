"""Do the central trajectories stay where they were frozen?

`make baselines` freezes them anew; the commit that does so says why they moved.
"""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

import pujiang

FROZEN = Path(__file__).parent / "baselines" / "annual.csv"
SCENARIOS = [
    "fifteenth_plan",
    "deep_basic_research",
    "full_ownership_reform",
    "closed_loop_finance",
    "exit_drought",
]
YEARS = (2015, 2019, 2024, 2026, 2028, 2030)

# Engines and processors round differently; a change of the model shows well above this.
TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def central() -> dict[tuple[str, str, int], float]:
    """Central annual outcomes by (outcome, scenario, year)."""
    annual = pujiang.run(scenario=SCENARIOS, ensemble=0)["annual"].to_dataset().sel(member=0)
    values = {}
    for name, array in annual.data_vars.items():
        flat = array.stack(element=array.dims[2:]) if len(array.dims) > 2 else array.expand_dims("element", -1)
        for scenario in array.scenario.values:
            for year in YEARS:
                for i, value in enumerate(flat.sel(scenario=scenario, year=year).values.ravel()):
                    label = name if flat.sizes["element"] == 1 else f"{name}[{i}]"
                    values[label, str(scenario), year] = float(value)
    return values


def test_central_trajectories_stay_where_they_were_frozen(central, refresh_baselines) -> None:
    if refresh_baselines:
        with FROZEN.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("outcome", "scenario", "year", "value"))
            writer.writerows((*key, f"{value:.10g}") for key, value in central.items())
        pytest.skip(f"{len(central)} values frozen anew")
    with FROZEN.open(newline="") as file:
        frozen = {(r["outcome"], r["scenario"], int(r["year"])): float(r["value"]) for r in csv.DictReader(file)}
    assert frozen.keys() == central.keys()
    moved = [
        f"{key}: {frozen[key]:.8g} -> {value:.8g}"
        for key, value in central.items()
        if not np.isclose(value, frozen[key], rtol=TOLERANCE, atol=1e-9)
    ]
    assert not moved, "\n".join(moved[:20])


def test_a_fit_that_is_not_renewed_yet_lets_the_numbers_be_read(tmp_path: Path) -> None:
    """Between a change of the model and `make refit`, tests must say what moved, and not fall over the fit."""
    shipped = pujiang.Model()
    configs = tmp_path / "configs"
    shutil.copytree(shipped.project.folder_of("configs"), configs)
    path = configs / "fit" / "shipped.yaml"
    facts = shipped.fit().facts
    text = path.read_text(encoding="utf-8")
    for key in ("model_hash", "data_hash"):
        text = text.replace(str(facts[key]), "0" * 64)
    path.write_text(text, encoding="utf-8")
    stale = pujiang.Model(configs=configs)
    assert stale.fit().facts["model_hash"] != stale.system.hash
    moved = stale.run("exit_drought", ensemble=0)["annual"]
    np.testing.assert_array_equal(moved.gdp, shipped.run("exit_drought", ensemble=0)["annual"].gdp)
