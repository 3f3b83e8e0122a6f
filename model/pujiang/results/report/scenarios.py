"""The scenarios of a report in words, and what moves in each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pujiang.presentation import Outcome
from pujiang.results.compare.inputs import setting_in_words
from pujiang.results.outcomes import signed
from pujiang.results.report.drivers import Driver, drivers
from pujiang.results.report.headline import Number, cut_at_point
from pujiang.results.words import ENGLISH, Words

if TYPE_CHECKING:
    import xarray as xr

    from pujiang.declare import Lever


@dataclass(frozen=True)
class LeverRow:
    """A lever as a scenario sets it."""

    name: str
    meaning: str
    setting: str
    unit: str


@dataclass(frozen=True)
class ScenarioPart:
    """A scenario in words."""

    name: str
    label: str
    title: str
    meaning: str
    run: int
    levers: tuple[LeverRow, ...]
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DriverPart:
    """What moves in one scenario."""

    label: str
    rows: tuple[tuple[Driver, str, tuple[Number, ...]], ...]


def scenario_parts(
    cases: Sequence[tuple[int, str]],
    configs: Sequence[Mapping[str, Any]],
    labels: Sequence[str],
    levers: "Mapping[str, Lever]",
    say: Words,
) -> tuple[ScenarioPart, ...]:
    """The cases in the order of the comparison, with what the configuration of their run says of them."""
    parts = []
    for (run, name), label in zip(cases, labels, strict=True):
        listed = configs[run].get("scenarios")
        known = {entry["name"]: entry for entry in listed if "name" in entry} if isinstance(listed, list) else {}
        entry = known.get(name, {})
        rows = [_lever_row(lever, setting, levers, say) for lever, setting in (entry.get("levers") or {}).items()]
        fixed = [(str(key), f"{value:.6g}") for key, value in (entry.get("parameters") or {}).items()]
        title = str(entry.get("title") or "")
        title = label if title in ("", ENGLISH.case(name)) else title
        meaning = " ".join(str(entry.get("meaning") or "").split())
        parts.append(ScenarioPart(name, label, title, meaning, run, tuple(rows), tuple(fixed)))
    return tuple(parts)


def _lever_row(name: str, setting: Any, levers: "Mapping[str, Lever]", say: Words) -> LeverRow:
    known = levers.get(name)
    words = name.replace("_", " ").capitalize()
    if known is None:
        return LeverRow(words, "", setting_in_words(setting, say=say), "")
    resting = say("not set") if known.default is None else f"{known.default:g}"
    return LeverRow(words, known.doc, setting_in_words(setting, resting, say), unit_in_words(known.unit))


def driver_parts(
    trees: "Sequence[xr.DataTree]", scenarios: Sequence[ScenarioPart], years: Sequence[int], say: Words
) -> list[DriverPart]:
    """What moves most in every scenario but the baseline: when it begins to, and how far it is in `years`."""
    parts = []
    for scenario in scenarios:
        if scenario.name == "baseline":
            continue
        trajectories = trees[scenario.run]["trajectories"].to_dataset()
        found = drivers(trajectories, scenario.name, tuple(year + 1.0 for year in years), since=years[0], say=say)
        rows = [
            (driver, f"{int(driver.since)} Q{1 + int(4 * (driver.since % 1))}", tuple(map(_relative, driver.changes)))
            for driver in found
        ]
        parts.append(DriverPart(scenario.label, tuple(rows)))
    return parts


def unit_in_words(unit: str) -> str:
    """A stored unit in words, as "billion yuan a year" for "billion_yuan/year"; nothing for a pure number."""
    if unit in ("", "1"):
        return ""
    head, _, tail = unit.partition("/")
    words = "share" if head == "1" else re.sub(r"_(\d{4})$", r" of \1", head).replace("_", " ")
    return f"{words} a {tail.replace('_', ' ').replace('/', ' a ')}" if tail else words


def _relative(change: float) -> Number:
    outcome = Outcome("", "", "", 1.0, 1, "percent")
    return (
        cut_at_point(signed(change, outcome))
        if abs(change) < 10
        else cut_at_point(f"×{1 + change:,.0f}".replace("-", "−"))
    )
