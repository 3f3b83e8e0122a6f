"""What a sweep answers, in sentences: how far an outcome goes, and what moves it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.presentation import Outcome, presentation_of
from pujiang.results.explanation.names import called, fraction, said, within
from pujiang.results.explanation.paragraph import level_of
from pujiang.results.explanation.story import in_order
from pujiang.results.outcomes import scenario_label, signed
from pujiang.results.report.why import asked_about
from pujiang.results.sweep_drivers import Driver, drivers
from pujiang.results.sweep_points import MOST_POINTS
from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr

MOVES = 5e-4
"""The part of its largest value by which an outcome must differ between points to be told."""
CARRIES = 0.05
"""The share of the variance from which an input is named."""
NAMED = 3

Settings = Mapping[str, str]
"""The key of what varies by its name in the cube."""


@dataclass(frozen=True)
class Moved:
    """A headline outcome of the central member in the last year over all points, and what moves it."""

    name: str
    low: float
    high: float
    base: float
    drivers: list[Driver]


def moved_outcomes(tree: "xr.DataTree", inputs: Settings, choices: Collection[str]) -> list[Moved]:
    """The headline outcomes that differ from point to point; none of a sweep that keeps no points, or too many.

    `choices`: what can vary by name, one value each included.
    """
    if "annual" not in tree.children:
        return []
    annual, reference = tree["annual"].to_dataset(), tree["reference"].to_dataset()
    if np.prod([size for name, size in annual.sizes.items() if name not in ("member", "year")]) > MOST_POINTS:
        return []
    out = []
    for name in presentation_of(reference.attrs).among(_scalars(annual, {*inputs, *choices})):
        settings, numbers = _points(annual[name].isel(member=0, year=-1), inputs)
        found = numbers[np.isfinite(numbers)]
        base = float(reference[name].isel(scenario=0, member=0, year=-1))
        if len(found) and found.max() - found.min() > MOVES * np.abs(found).max():
            out.append(Moved(name, float(found.min()), float(found.max()), base, drivers(settings, numbers)))
    return out


def _scalars(annual: "xr.Dataset", varied: set[str]) -> Iterator[str]:
    known = {*varied, "point", "member", "year"}
    return (str(name) for name, values in annual.data_vars.items() if set(map(str, values.dims)) <= known)


def _points(values: "xr.DataArray", inputs: Settings) -> tuple[dict[str, NDArray[Any]], NDArray[np.float64]]:
    """What varies and an outcome, a number a point each."""
    stacked = values.stack(place=values.dims)
    return {name: stacked[name].values for name in inputs if name in stacked.coords}, stacked.values.astype(float)


def most_telling(moved: list[Moved], question: str, say: Words) -> list[Moved]:
    """Those that say most: of the question first, then of goals, then those that go farthest."""
    by_name = {own.name: own for own in moved}
    sizes = {own.name: (own.high - own.low) / abs(own.base) for own in moved if own.base}
    asked = [name for name in asked_about(question, say.presentation) if name in by_name]
    names = dict.fromkeys([*asked, *in_order(sizes, say.presentation)])
    return [by_name[name] for name in names]


def answer(own: Moved, points: int, year: int, inputs: Settings, say: Words) -> str:
    """How far an outcome goes over the points, and with what."""
    outcome = say.outcome(own.name)
    text = say(
        "{name} in {year}: from {low} to {high} over {points} points; {base} in the baseline.",
        name=outcome.short, year=year, low=level_of(own.low, outcome), high=level_of(own.high, outcome),
        points=f"{points:,}", base=level_of(own.base, outcome),
    )  # fmt: skip
    return say.sentences([text, *_moved_by(own, outcome, inputs, say)])


def _moved_by(own: Moved, outcome: Outcome, inputs: Settings, say: Words) -> list[str]:
    named = [driver for driver in own.drivers if driver.share >= CARRIES][:NAMED]
    if not named:
        return []
    if len(own.drivers) == 1:
        only = own.drivers[0]
        moved_by = _input(only, inputs, say)
        return [say("With {input} it changes by {change}.", input=moved_by, change=_change(only, own, outcome))]
    listed = [
        say(
            "{share} goes with {input} ({change})",
            share=fraction(driver.share, say), input=_input(driver, inputs, say), change=_change(driver, own, outcome),
        )
        for driver in named
    ]  # fmt: skip
    return [say("Of what differs from point to point, {parts}.", parts=say.listed(listed, say(" and ")))]


def _input(driver: Driver, inputs: Settings, say: Words) -> str:
    """An input with its ends, as "the listing window (0 to 1)"."""
    return say(
        "{input} from {low} to {high}",
        input=input_said(inputs[driver.name], say), low=_setting(driver.low, say), high=_setting(driver.high, say),
    )  # fmt: skip


def _setting(value: float | str, say: Words) -> str:
    return say.case(value) if isinstance(value, str) else f"{value:.3g}".replace("-", "−")


def _change(driver: Driver, own: Moved, outcome: Outcome) -> str:
    base = abs(own.base) if outcome.difference == "percent" and own.base else 1.0
    return signed(driver.change / base, outcome)


def input_called(key: str, say: Words) -> str:
    """What varies, by its key in the configuration, in words."""
    return _with_part(key, called(_input_of(key), say) if "." in key else _choice(key, say), say)


def input_said(key: str, say: Words) -> str:
    """The same within a sentence."""
    return _with_part(key, said(_input_of(key), say) if "." in key else within(_choice(key, say)), say)


def _input_of(key: str) -> str:
    kind, _, name = key.partition(".")
    return name.partition(".")[0] if kind == "levers" else name


def _choice(key: str, say: Words) -> str:
    return {"scenario": say("Scenario"), "shock": say("Shock")}.get(key) or scenario_label(key)


def _with_part(key: str, words: str, say: Words) -> str:
    """What varies, and of a lever's dates and its height before, which of them."""
    part = key.split(".")[2] if key.startswith("levers.") and key.count(".") > 1 else "target"
    told = {"start": say("start"), "end": say("end"), "from": say("before"), "target": ""}[part]
    return say("{label}, {part}", label=words, part=told) if told else words


def _cell(driver: Driver, own: Moved, outcome: Outcome) -> str:
    change, share = _change(driver, own, outcome), f"{100 * driver.share:.0f} %"
    return change if share == "0 %" else f"{change} ({share})"


def table_of_drivers(moved: list[Moved], inputs: Settings, say: Words) -> tuple[list[str], list[list[str]]]:
    """A row an outcome, a column an input: its change from the low to the high end, and its share of the variance."""
    order: dict[str, float] = {}
    for own in moved:
        for driver in own.drivers:
            order[driver.name] = order.get(driver.name, 0.0) + driver.share
    names = sorted((name for name, share in order.items() if share >= CARRIES), key=lambda name: -order[name])[:5]
    rows = []
    for own in moved:
        outcome, by_name = say.outcome(own.name), {driver.name: driver for driver in own.drivers}
        cells = [_cell(by_name[name], own, outcome) if name in by_name else "–" for name in names]
        rows.append([outcome.short, *cells])
    return [say("Outcome"), *(input_called(inputs[name], say) for name in names)], rows
