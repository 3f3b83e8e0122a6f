"""Do units beside data convert as an independent algebra of units says, and only where they measure the same?"""

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pujiang.measures import conversion, measure
from pujiang.units import UnitError

ORACLE: pint.UnitRegistry = pint.UnitRegistry(None)
for _line in ("yuan = [money]", "firm = [firm]", "year = [time]", "month = year / 12", "quarter = year / 4"):
    ORACLE.define(_line)
for _word, _size in {"thousand": 1e3, "million": 1e6, "hundred_million": 1e8, "billion": 1e9}.items():
    ORACLE.define(f"{_word}_yuan = {_size} * yuan")
    ORACLE.define(f"{_word}_firm = {_size} * firm")

MONEY = st.sampled_from(["yuan", "thousand_yuan", "million_yuan", "hundred_million_yuan", "billion_yuan"])
THINGS = st.sampled_from(["firm", "thousand_firm", "million_firm"])
TIMES = st.sampled_from(["year", "month", "quarter"])
WRITTEN = st.one_of(
    MONEY,
    THINGS,
    st.builds("{}/{}".format, MONEY, TIMES),
    st.builds("{}/{}".format, THINGS, TIMES),
    st.builds("{}/{}/{}".format, MONEY, THINGS, TIMES),
    st.builds("{}*{}^2".format, MONEY, TIMES),
)


@given(WRITTEN, WRITTEN)
def test_conversions_are_those_of_another_algebra(given_: str, wanted: str) -> None:
    try:
        expected = ORACLE(given_.replace("^", "**")).to(ORACLE(wanted.replace("^", "**")).units).magnitude
    except pint.DimensionalityError:
        with pytest.raises(UnitError, match="cannot be converted"):
            conversion(given_, wanted)
        return
    assert conversion(given_, wanted) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("given_", "wanted", "factor"),
    [
        ("亿元/年", "billion_yuan/year", 0.1),
        ("万元", "billion_yuan", 1e-5),
        ("CNY per yr", "billion_yuan/year", 1e-9),
        ("%", "1", 0.01),
        ("percent/year", "1/year", 0.01),
        ("thousand firms", "firm", 1000),
        ("1000*firm", "firm", 1000),
        ("firms/month", "firm/year", 12),
    ],
)
def test_words_people_write_are_understood(given_: str, wanted: str, factor: float) -> None:
    assert conversion(given_, wanted) == pytest.approx(factor, rel=1e-12)


def test_prices_of_another_year_are_another_unit() -> None:
    with pytest.raises(UnitError, match="'billion_yuan_2015' cannot be converted to 'billion_yuan'"):
        conversion("billion_yuan_2015", "billion_yuan")


@pytest.mark.parametrize("text", ["firm^x", "firm^1/0", "!!", "0*firm"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(UnitError, match=r"is no (unit|power)"):
        measure(text)
