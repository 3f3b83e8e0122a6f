"""Do the CSV tables hold the numbers of the run?"""

import csv
import io
from types import ModuleType

import numpy as np
import pytest
import xarray as xr

from pujiang.results.summary import QUANTILES, SUMMARY_COLUMNS, draws, iamc_csv, in_percent, quantiles, summary_csv


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_summary_has_every_outcome_element_scenario_and_year(tree: xr.DataTree) -> None:
    annual = tree["annual"].to_dataset()
    rows = rows_of(summary_csv(annual))
    scalars = sum("industry" not in array.dims for array in annual.data_vars.values())
    assert len(rows) == (scalars + 4) * 2 * 16
    assert tuple(rows[0]) == SUMMARY_COLUMNS
    assert {row["element"] for row in rows if row["outcome"] == "industry_output"} == {
        "ic",
        "biomedicine",
        "ai",
        "other",
    }


def test_quantiles_are_of_the_draws_without_the_central_member(tree: xr.DataTree) -> None:
    annual = tree["annual"].to_dataset()
    values = annual["gdp"].sel(scenario="fifteenth_plan", year=2030)
    [row] = [
        row
        for row in rows_of(summary_csv(annual))
        if (row["outcome"], row["scenario"], row["year"]) == ("gdp", "fifteenth_plan", "2030")
    ]
    assert np.isclose(float(row["q05"]), np.quantile(values.sel(member=slice(1, None)), 0.05), rtol=1e-9)
    assert np.isclose(float(row["median"]), np.median(values.sel(member=slice(1, None))), rtol=1e-9)
    assert np.isclose(float(row["central"]), float(values.sel(member=0)), rtol=1e-9)


def test_one_member_has_no_band(synthetic: ModuleType) -> None:
    rows = rows_of(summary_csv(synthetic.make_tree(draws=0)["annual"].to_dataset()))
    assert all(row["q05"] == row["q95"] == "" and row["median"] == row["central"] != "" for row in rows)


def test_a_member_that_is_not_finite_is_left_out() -> None:
    values = np.array([[1.0, 2.0, np.nan, 3.0, np.inf]])
    assert quantiles(values, 1)[2] == [2.0]
    assert np.isnan(quantiles(np.full((1, 3), np.nan), 1)).all()


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_quantiles_are_those_of_numpy_to_the_last_bit(axis: int) -> None:
    values = np.exp(10 * np.random.default_rng(1).normal(size=(7, 19, 4)))
    assert np.array_equal(quantiles(values, axis), np.quantile(values, QUANTILES, axis=axis))
    values[::3, 5:9, 1] = np.nan
    assert np.array_equal(quantiles(values, axis), np.nanquantile(values, QUANTILES, axis=axis), equal_nan=True)


def test_the_number_of_draws_left_out_is_told(synthetic: ModuleType) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()[["gdp"]].copy(deep=True)
    annual["gdp"].loc[{"scenario": "baseline", "year": 2030, "member": [0, 3, 5]}] = np.nan
    annual["gdp"].loc[{"scenario": "baseline", "year": 2030, "member": 7}] = np.inf
    told = {(row["scenario"], row["year"]): row["not_finite"] for row in rows_of(summary_csv(annual))}
    assert told.pop(("baseline", "2030")) == "3"  # the central member is no draw
    assert set(told.values()) == {"0"}


def test_iamc_is_wide_and_every_row_is_unique(tree: xr.DataTree) -> None:
    rows = rows_of(iamc_csv(tree["annual"].to_dataset()))
    assert list(rows[0]) == ["Model", "Scenario", "Region", "Variable", "Unit", *map(str, range(2015, 2031))]
    keys = [(row["Scenario"], row["Variable"]) for row in rows]
    assert len(set(keys)) == len(keys)
    gdp = next(row for row in rows if row["Variable"] == "GDP")
    assert gdp["Unit"] == "billion CNY/yr"
    assert "Industry Output|Integrated Circuits" in {row["Variable"] for row in rows}


@pytest.mark.parametrize(
    ("share", "members", "text"),
    [
        (0.38, 200, "38 ± 3 %"),
        (0.38, 2000, "38 ± 1 %"),
        (0.5, 50, "50 ± 7 %"),
        (0.0, 200, "< 2 %"),
        (1.0, 200, "> 98 %"),
        (0.0, 50, "< 6 %"),
        (0.005, 200, "< 1 %"),
        (0.995, 200, "> 99 %"),
        (np.nan, 200, "–"),
    ],
)
def test_a_probability_bears_the_error_of_its_draws(share: float, members: int, text: str) -> None:
    assert in_percent(share, members) == text


def test_the_error_beside_a_probability_is_what_other_seeds_move_it_by() -> None:
    shares = np.random.default_rng(5).binomial(200, 0.38, 2000) / 200
    assert f"± {round(100 * shares.std())} %" in in_percent(0.38, 200)


def test_no_quantile_counts_the_central_member() -> None:
    values = np.array([1e9, 1.0, 2.0, 3.0])
    assert quantiles(draws(values, np.arange(4), 0), 0)[2] == 2.0
