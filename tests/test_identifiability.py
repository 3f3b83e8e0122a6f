"""Does the page on what the data know say it of each parameter, and are shares that are shipped read as they are?"""

from pathlib import Path

import numpy as np
import pytest

import pujiang
from pujiang.documentation.identifiability_page import identifiability_page
from pujiang.errors import InputError
from pujiang.experiment.band_shares import read_band_shares
from pujiang.experiment.fit import Fit, uncertain

LIBRARY = Path(__file__).parent / "library"


def page(shares: dict[str, dict[str, dict[str, float]]]) -> str:
    """Of the library, whose data leave a third of the spread of one parameter, and two that go together."""
    system = pujiang.Model(LIBRARY).system
    priors = uncertain(system)
    z = np.random.default_rng(1).standard_normal((len(priors), 4000))
    names = list(priors)
    z[0] = 1 + 0.33 * z[0]
    z[2] = -0.8 * z[1] + 0.6 * z[2]
    draws = {name: prior.value(row) for (name, prior), row in zip(priors.items(), z, strict=True)}
    fit = Fit({name: prior.center for name, prior in priors.items()}, np.eye(len(names)), {}, draws)
    return identifiability_page(system, fit, shares)


def row_of(text: str, section: str, name: str) -> list[str]:
    lines = text.split(f"## {section}", 1)[1].splitlines()
    found = next(line for line in lines if line.startswith(f"| `{name}`"))
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_does_it_tell_what_is_known_what_shifts_and_what_trades_off() -> None:
    text = page({})
    names = list(uncertain(pujiang.Model(LIBRARY).system))
    assert row_of(text, "Prior and posterior", names[0])[-2:] == ["+1.00", "0.33"]
    assert "leave 1 of them less than half" in " ".join(text.split())
    assert float(row_of(text, "What trades off", names[1])[-1].replace("−", "-")) == pytest.approx(-0.8, abs=0.03)
    assert f"`{names[0]}`" not in text.split("## What trades off")[1].split("## Prior")[0]


def test_are_parameters_at_their_prior_told_from_those_the_data_know() -> None:
    names = list(uncertain(pujiang.Model(LIBRARY).system))
    shares = {
        "loans": {
            "part": {"errors of the model": 0.25, "inputs ahead": 0.1},
            "parameter": {names[0]: 0.3, names[1]: 0.2},
        }
    }
    row = row_of(page(shares), "What carries", "loans")
    assert row[1:] == ["65", "10", "25", "0", f"`{names[1]}` 20", f"`{names[0]}` 30"]


def test_are_shipped_shares_of_outcomes_and_parts_that_add_up(model: pujiang.Model) -> None:
    bands = model.system.presentation.bands
    main = [s for name in model.system.presentation.outcomes for s in model.system.scalar_names(name)]
    assert set(bands) == set(main)
    for outcome, shares in bands.items():
        assert 0 <= sum(shares["part"].values()) <= 1.001, outcome
        assert sum(shares.get("parameter", {}).values()) <= 1.001 - sum(shares["part"].values()), outcome
        assert set(shares.get("parameter", {})) <= set(uncertain(model.system))
        assert set(shares.get("chance", {})) <= set(uncertain(model.system, chance=True))


@pytest.mark.parametrize("row", ["loans,parts,x,0.5", "loans,part,x,much", "loans,part"])
def test_is_a_damaged_file_refused_in_a_line(row: str, tmp_path: Path) -> None:
    path = tmp_path / "bands.csv"
    path.write_text(f"outcome,kind,name,share\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"bands\.csv") as caught:
        read_band_shares(path)
    assert "\n" not in str(caught.value)
    assert read_band_shares(tmp_path / "none.csv") == {}
