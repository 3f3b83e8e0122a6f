"""Are the tables of a comparison, plain columns to us, what they say they are to pandas and as CSV?"""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pandas.api import types

from pujiang.results.columns import Columns, crossed
from pujiang.results.compare import Comparison, compare
from pujiang.results.compare.files import tables

HEAD = {"outcome": "word", "element": "word", "unit": "word", "better": "word", "year": "whole", "case": "word"}
KINDS = {
    "inputs": dict.fromkeys(("case", "input", "reference", "here", "words"), "word"),
    "table": {
        **dict.fromkeys(("outcome", "element", "case"), "word"),
        "year": "whole",
        **dict.fromkeys(("measure", "unit"), "word"),
        **dict.fromkeys(("central", "q05", "q25", "median", "q75", "q95"), "number"),
    },
    "goals": {
        "goal": "word",
        "year": "whole",
        "case": "word",
        "probability": "number",
        "reached_by_central": "yes",
        "members": "whole",
        "met_in": "whole or none",
        "met_in_central": "whole or none",
    },
    "goals_by_year": {
        **dict.fromkeys(("goal", "outcome"), "word"),
        "at_least": "number",
        "goal_year": "whole",
        "case": "word",
        "year": "whole",
        **dict.fromkeys(("probability", "probability_by"), "number"),
        "central": "yes",
        **dict.fromkeys(("met_in", "met_in_central"), "whole or none"),
        "members": "whole",
    },
    "ranks": {**HEAD, "rank": "whole", "probability": "number", "probability_first": "number", "members": "whole"},
    "regret": {**HEAD, **dict.fromkeys(("median", "q95", "worst", "share_best"), "number")},
}


def kind_of(column: "pd.Series[object]") -> str:
    if isinstance(column.dtype, pd.Int64Dtype):
        return "whole or none"
    tests = {"yes": types.is_bool_dtype, "whole": types.is_integer_dtype, "number": types.is_float_dtype}
    return next((kind for kind, test in tests.items() if test(column)), "word")


@pytest.fixture(scope="module")
def found(synthetic: ModuleType) -> Comparison:
    """Two runs whose inputs differ, with goals that some cases meet and a value that is not finite."""
    trees = [synthetic.make_tree(synthetic.SCENARIOS[:3], 60).copy(deep=True) for _ in range(2)]
    trees[0]["annual"]["gdp"].loc[{"scenario": "fifteenth_plan", "year": 2029}] = np.nan
    for size, tree in zip((60, 90), trees, strict=True):
        tree.attrs |= {
            "config": f"ensemble: {{size: {size}, kind: 'a, \"quoted\" kind {size}'}}",
            "run": f"runs/{size}",
        }
    return compare(*trees)


@pytest.mark.parametrize("name", KINDS)
def test_a_table_has_the_columns_and_kinds_it_has_had(name: str, found: Comparison) -> None:
    frame = getattr(found, name)
    assert len(frame) == len(getattr(found.tables, name)) > 0
    assert {column: kind_of(frame[column]) for column in frame} == KINDS[name]
    assert list(frame.columns) == list(KINDS[name])


def test_a_file_holds_what_pandas_would_write(found: Comparison) -> None:
    frames = dict(
        zip(tables(found), (found.table, found.inputs, found.goals_by_year, found.ranks, found.regret), strict=True)
    )
    for name, table in tables(found).items():
        assert table.csv() == frames[name].to_csv(index=False, float_format="%.10g", lineterminator="\n")
    assert 'kind of ensemble,"a, ""quoted"" kind 60"' in tables(found)["inputs.csv"].csv()
    assert found.goals_by_year["met_in"].isna().any()


def test_rows_are_found_by_what_stands_in_them() -> None:
    numbers = np.array([[0.5, np.inf, np.nan], [3.0, 4.0, 5.0]])
    made = crossed((2, 3), {"case": np.array(["a", "b"])[:, None], "year": [1, 2, 3], "size": numbers})
    assert made.rows()[4] == {"case": "b", "year": 2, "size": 4.0}
    assert made.where(case="b").by("year")[(3,)]["size"] == 5.0
    assert len(made.where(case="b", year=9)) == 0
    assert made.csv().splitlines()[:4] == ["case,year,size", "a,1,0.5", "a,2,inf", "a,3,"]


def test_a_table_without_rows_keeps_its_columns() -> None:
    made = crossed((0, 3), {"case": np.array([])[:, None], "year": [1, 2, 3]})
    assert isinstance(made, Columns)
    assert made.rows() == []
    assert made.frame().columns.tolist() == ["case", "year"]


def test_cases_of_other_members_stand_side_by_side(synthetic: ModuleType) -> None:
    trees = [synthetic.make_tree(draws=draws, seed=draws) for draws in (5, 8)]
    found = compare(*trees)
    assert not found.shared_members
    annual = [tree["annual"].to_dataset() for tree in trees]
    parts = [own.sel(scenario=name, drop=True) for own in annual for name in own["scenario"].values]
    expected = xr.concat(parts, pd.Index(found.cases, name="case"), join="outer")
    for name, array in found.annual.data_vars.items():
        assert np.array_equal(array.values, expected[name].values, equal_nan=True)
    assert np.isnan(found.annual["gdp"].sel(case="baseline (run 1)", member=8)).all()
