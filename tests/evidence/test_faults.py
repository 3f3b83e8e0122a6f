"""Is every fault in a user's data refused in one line that says where it is and what would be right?"""

from pathlib import Path

import pytest

from pujiang.errors import InputError
from pujiang.evidence import Evidence
from pujiang.evidence import load as load_over
from pujiang.shanghai import PROJECT

OBSERVATIONS = """\
series,entity,year,value,unit,scale,model_unit,outcome,timing,likelihood,sd,sd_scale,role,sources,traps,reason
gdp,shanghai,2020,4160,billion_yuan,1,billion_yuan,gdp,flow,lognormal,0.02,log,fit,P503,C2,one vintage
basic_share,shanghai,2020,7.94,percent,0.01,1,basic_research_share,ratio,normal,0.55,abs,check,D037;P089,C5,noisy
listings,shanghai,2024,4,firms,1,firm,star_listings,flow,poisson,2,abs,check,,,
contracts,shanghai,2024,476,million_yuan,0.001,billion_yuan,,flow,none,,,exclude,S057,C12,one university
"""

INPUTS = """\
series,time,value,unit,interpolation,status,sources,note
window,2015.0,0,1,step,derived,P457,closed
window,2019.5,0.93,1,step,derived,P457,open
pressure,2015.0,0,1,linear,assumed,,none
pressure,2022.8125,0.5,1,linear,assumed,,controls
"""

FIGURES = """\
id,series,entity,date,value,unit,kind,comparator,source,confidence,note
X1,gdp,shanghai,2020,4160,billion_yuan,observed,=,opengov_2021,verified,
"""

SOURCES = """\
id,title,publisher,date,kind,trust,note
mine,My table,Me,2024,statistics,high,
"""

TRAPS = """\
C1:
  trap: The base year is another.
  trust: The end of 2014.
"""

GOOD = {"observations.csv": OBSERVATIONS, "inputs.csv": INPUTS}
BASES = GOOD | {"figures.csv": FIGURES, "sources.csv": SOURCES, "traps.yaml": TRAPS}


def load(folder: Path) -> Evidence:
    """A folder laid over the shipped pack."""
    return load_over(folder, PROJECT.data)


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", GOOD)
def test_do_the_tables_of_these_tests_load(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD[name], encoding="utf-8")
    load(tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        # columns
        (
            "observations.csv",
            "entity,year",
            "entity,yeer",
            [":1:", "'year' is missing", "did you mean 'yeer'?"],
        ),
        (
            "observations.csv",
            "traps,reason",
            "traps,reason,quote",
            [":1:", "unknown column 'quote'", "reason"],
        ),
        ("observations.csv", "traps,reason", "traps,reason,reason", [":1:", "column 'reason' twice"]),
        ("inputs.csv", "time,value", "time,valeu", [":1:", "'value' is missing", "did you mean 'valeu'?"]),
        ("figures.csv", "comparator,", "", [":1:", "'comparator' is missing"]),
        ("sources.csv", "publisher", "editor", [":1:", "'publisher' is missing"]),
        # numbers
        ("observations.csv", "4160", "NaN", [":2:", "'value'", "'NaN'", "a finite number"]),
        ("observations.csv", "4160", "1e999", [":2:", "'value'", "'1e999'"]),
        ("observations.csv", "4160", "", [":2:", "'value'", "nothing"]),
        ("observations.csv", "4160", "4 160", [":2:", "'value'", "'4 160'"]),
        ("observations.csv", "4160", "4_160", [":2:", "'value'", "'4_160'"]),
        ("observations.csv", "4160", '"4,160"', [":2:", "'value'", "'4,160'"]),
        ("observations.csv", "4160", "0", [":2:", "'value'", "a number above 0"]),
        ("observations.csv", "2024,4,", "2024,-4,", [":4:", "'value'", "0 or more"]),
        ("observations.csv", "percent,0.01", "percent,0", [":3:", "'scale'", "a number above 0"]),
        ("observations.csv", "2020,4160", "2020.5,4160", [":2:", "'year'", "calendar year"]),
        ("inputs.csv", "0.93", "inf", [":3:", "'value'", "'inf'"]),
        ("figures.csv", "4160", "many", [":2:", "'value'", "'many'"]),
        # errors and likelihoods
        ("observations.csv", "0.02,log", "-0.02,log", [":2:", "'sd'", "'-0.02'", "above 0"]),
        ("observations.csv", "0.02,log", ",log", [":2:", "'sd'", "nothing"]),
        ("observations.csv", "0.02,log", "0.02,abs", [":2:", "'sd_scale'", "'log'"]),
        ("observations.csv", "none,,", "none,1,", [":5:", "'sd'", "'none'"]),
        ("observations.csv", "lognormal", "lognormale", [":2:", "'likelihood'", "did you mean 'lognormal'?"]),
        ("observations.csv", "log,fit", "log,fitt", [":2:", "'role'", "exclude", "did you mean 'fit'?"]),
        ("observations.csv", "none,,,exclude", "none,,,fit", [":5:", "'outcome'", "the role is 'fit'"]),
        ("observations.csv", "abs,check,D037", "abs,check,D37", [":3:", "'sources'", "did you mean 'D037'?"]),
        ("observations.csv", "P503,C2", "P503,C99", [":2:", "'traps'", "'C99'"]),
        ("observations.csv", "gdp,flow", "gdp,flaw", [":2:", "'timing'", "did you mean 'flow'?"]),
        ("observations.csv", "gdp,shanghai", ",shanghai", [":2:", "'series'", "nothing"]),
        # rows
        ("observations.csv", "basic_share,", "gdp,", [":3:", "a second row for gdp, shanghai, 2020", ":2"]),
        ("observations.csv", ",one vintage", "", [":2:", "found 15 cells", "allowed: 16"]),
        ("observations.csv", "one vintage", '"one vintage', ["not CSV"]),
        (
            "figures.csv",
            "verified,\n",
            "verified,\nX1,a,b,c,1,d,event,=,opengov_2021,verified,\n",
            [":3:", "X1"],
        ),
        # input series
        ("inputs.csv", "2022.8125", "2022.8", [":5:", "'time'", "2022.75", "2022.8125"]),
        ("inputs.csv", "2019.5,", "2015.0,", [":3:", "'time'", "after 2015.0"]),
        ("inputs.csv", "2019.5,", "2014.5,", [":3:", "'time'", "after 2015.0"]),
        ("inputs.csv", "0.93,1,step", "0.93,1,linear", [":3:", "'interpolation'", "'step'", "window"]),
        ("inputs.csv", "step", "stepp", [":2:", "'interpolation'", "did you mean 'step'?"]),
        ("inputs.csv", "0.93,1", "0.93,firm", [":3:", "'unit'", "'1'", "window"]),
        ("inputs.csv", "closed", "closed,x", [":2:", "found 9 cells"]),
        ("inputs.csv", "step,derived,P457,open", "step,guessed,P457,open", [":3:", "'status'", "assumed"]),
        # figures, sources, traps
        ("figures.csv", "opengov_2021", "opengov_2012", [":2:", "'source'", "did you mean 'opengov_2021'?"]),
        ("figures.csv", "verified", "sure", [":2:", "'confidence'", "verified"]),
        ("sources.csv", "high", "hihg", [":2:", "'trust'", "did you mean 'high'?"]),
        ("traps.yaml", "  trap:", "  trop:", [":2:", "'trop'", "did you mean 'trap'?"]),
        ("traps.yaml", "  trust: The end of 2014.", "", [":1:", "'trust' is missing"]),
        ("traps.yaml", "The end of 2014.", "", [":3:", "'trust'", "no text"]),
        ("traps.yaml", "C1:", "C1: [", ["not YAML"]),
        ("traps.yaml", TRAPS, TRAPS + TRAPS, [":4:", "'C1' twice"]),
        ("traps.yaml", TRAPS, "- C1\n", [":1:", "no mapping"]),
    ],
)
def test_is_a_fault_refused_where_it_stands(tmp_path: Path, name: str, old: str, new: str, expected: list[str]) -> None:
    faulty = BASES[name].replace(old, new)
    assert faulty != BASES[name]
    (tmp_path / name).write_text(faulty, encoding="utf-8")
    message = refusal(tmp_path)
    assert str(tmp_path / name) in message
    for part in expected:
        assert part in message


def test_is_a_file_refused_that_is_empty_or_holds_a_header_alone(tmp_path: Path) -> None:
    for name, base in BASES.items():
        folder = tmp_path / name.replace(".", "_")
        folder.mkdir()
        (folder / name).write_text("\n", encoding="utf-8")
        assert "empty file" in refusal(folder)
        if name.endswith(".csv"):
            (folder / name).write_text(base.splitlines()[0], encoding="utf-8")
            assert "a header alone" in refusal(folder)


def test_is_a_file_refused_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "inputs.csv").write_bytes(INPUTS.replace("controls", "contrôles").encode("latin-1"))
    message = refusal(tmp_path)
    assert "inputs.csv:5:" in message
    assert "UTF-8" in message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("inputs.csv", INPUTS.replace("window", "win\0dow")),
        ("inputs.csv", INPUTS.replace("time", '"ti\nme"')),
        ("inputs.csv", INPUTS.replace("0.93", '"0.9\n3"')),
        ("inputs.csv", INPUTS.replace("\n", ";")),
        ("observations.csv", OBSERVATIONS + '"a\nb",c,2020' + ",1" * 13 + "\n"),
        ("traps.yaml", TRAPS.replace("base", "ba\0se")),
        ("traps.yaml", TRAPS.replace("C1", "[C1, C2]")),
        ("traps.yaml", TRAPS.replace("  trap", '  "tr\\nap"')),
        ("traps.yaml", TRAPS.replace("base", "base: *one")),
        ("traps.yaml", "C1: &one {trap: *one}"),
    ],
)
def test_is_a_broken_file_refused_in_one_line(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert name in refusal(tmp_path)


def test_is_a_folder_in_the_place_of_a_file_refused(tmp_path: Path) -> None:
    (tmp_path / "inputs.csv").mkdir()
    assert "cannot read" in refusal(tmp_path)


def test_is_a_byte_order_mark_taken(tmp_path: Path) -> None:
    (tmp_path / "inputs.csv").write_text(INPUTS, encoding="utf-8-sig")
    assert list(load(tmp_path).inputs) == ["window", "pressure"]


def test_is_a_folder_refused_that_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    message = refusal(tmp_path / "evidense")
    assert "found nothing" in message
    assert "did you mean 'evidence'?" in message


def test_is_a_file_refused_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "inputs.csv").write_text(INPUTS, encoding="utf-8")
    assert "found a file" in refusal(tmp_path / "inputs.csv")


def test_is_a_folder_refused_that_holds_no_data_file(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("x", encoding="utf-8")
    assert "observations.csv, inputs.csv" in refusal(tmp_path)


def test_is_a_misspelt_file_name_refused_instead_of_passed_over(tmp_path: Path) -> None:
    (tmp_path / "inputs.csv").write_text(INPUTS, encoding="utf-8")
    (tmp_path / "observation.csv").write_text(OBSERVATIONS, encoding="utf-8")
    assert "found 'observation.csv'; did you mean 'observations.csv'?" in refusal(tmp_path)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_is_a_table_read_with_the_separator_a_spreadsheet_chose(tmp_path: Path, separator: str) -> None:
    rows = [line.split(",") for line in INPUTS.splitlines()]
    cells = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in rows]
    (tmp_path / "inputs.csv").write_text("\n".join(map(separator.join, cells)), encoding="utf-8")
    found = load(tmp_path).inputs
    (tmp_path / "inputs.csv").write_text(INPUTS, encoding="utf-8")
    assert found == load(tmp_path).inputs


def test_are_empty_rows_and_columns_of_a_spreadsheet_passed_over(tmp_path: Path) -> None:
    head, *rest = INPUTS.splitlines()
    wide = "\r\n".join([f"{head},,", *(f"{line},," for line in rest), "," * 9, " ,,,,,,,,,", ""])
    (tmp_path / "inputs.csv").write_text(wide, encoding="utf-8")
    found = load(tmp_path).inputs
    (tmp_path / "inputs.csv").write_text(INPUTS, encoding="utf-8")
    assert found == load(tmp_path).inputs


def test_is_a_decimal_comma_told_from_a_separator(tmp_path: Path) -> None:
    text = INPUTS.replace(",", ";").replace("0.93", "0,93")
    (tmp_path / "inputs.csv").write_text(text, encoding="utf-8")
    assert "column 'value': found '0,93'" in refusal(tmp_path)
