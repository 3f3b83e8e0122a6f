"""Extreme conditions judged: each expectation of a run beside the baseline."""

from typing import TYPE_CHECKING

from pujiang.conditions import Extreme, Reader

if TYPE_CHECKING:
    from pujiang.labelled import Dataset


def judge(extreme: Extreme, run: Reader, base: Reader) -> list[tuple[str, bool]]:
    """Each expectation of an extreme condition and whether it holds."""
    return [(text, bool(test(run, base))) for text, test in extreme.expected]


def reader(annual: "Dataset", trajectories: "Dataset", scenario: str) -> Reader:
    """Central values of a scenario: annual outcomes (`name.element` of one that runs over a dimension), and
    year-end values of other variables."""

    def value(name: str, year: int) -> float:
        name, _, element = name.partition(".")
        if name in annual:
            found = annual[name].sel(scenario=scenario, year=year).isel(member=0)
            return float(found.sel({found.dims[0]: element}) if element else found)
        return float(trajectories[name].sel(scenario=scenario, time=year + 1.0))

    return value
