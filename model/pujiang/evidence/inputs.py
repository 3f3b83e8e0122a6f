"""Input series: observed or assumed courses over time that drive the model."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from pujiang.evidence.schema import Row, read_table

SERIES_COLUMNS = ("series", "time", "value", "unit", "interpolation", "status", "sources", "note")
INTERPOLATIONS = ("step", "linear")
OPTIONAL = ("known_from",)
SWITCH = "switch"
STATUSES = ("observed", "derived", "recalled", "assumed", SWITCH)

# Every break lies on the default step of the integration, so no step straddles one.
GRID_STEPS_PER_YEAR = 16


@dataclass(frozen=True)
class InputSeries:
    """A course over time, one entry a row of the file.

    `times` are decimal years, increasing, on the 1/16-year grid: 2016.0 is the first instant of 2016. With
    `interpolation` "step" a value holds from its time to the next, with "linear" it runs straight to the
    next; the last value holds on. An annual total is a rate held over its year. `statuses` is observed,
    derived (computed from cited figures), recalled (from memory), assumed, or switch (no fact, but the date from
    which the model goes its own way); `sources` are ids of figures or sources. `known_from`: the year from which
    an entry was known, where that is earlier than its own: what was announced.
    """

    name: str
    times: tuple[float, ...]
    values: tuple[float, ...]
    unit: str
    interpolation: str
    statuses: tuple[str, ...]
    sources: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    known_from: tuple[int, ...]

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """Where a value is held longer than its fellows, in a course of steps at even intervals: from, and to.

        A few dates at which a rule changed are no such course; one in which three intervals of four are the same is.
        """
        lengths = [after - before for before, after in pairwise(self.times)]
        if self.interpolation != "step" or len(lengths) < 3:
            return ()
        usual = min(lengths)
        if sum(length == usual for length in lengths) < 0.75 * len(lengths):
            return ()
        return tuple((before, after) for before, after in pairwise(self.times) if after - before > usual)


def read_inputs(where: str, content: bytes, citable: Collection[str]) -> dict[str, InputSeries]:
    """The input series of a file by name, in its order; sources must be among `citable`."""
    rows_of: dict[str, list[Row]] = {}
    for row in read_table(where, content, SERIES_COLUMNS, OPTIONAL):
        rows_of.setdefault(row.text("series"), []).append(row)
    return {name: _series(name, rows, citable) for name, rows in rows_of.items()}


def _series(name: str, rows: list[Row], citable: Collection[str]) -> InputSeries:
    first = rows[0]
    times: list[float] = []
    for row in rows:
        time = _grid_time(row)
        if times and time <= times[-1]:
            raise row.fault("time", f"a time after {times[-1]}, the row of '{name}' before it")
        times.append(time)
        for column in ("unit", "interpolation"):
            if row.cells[column] != first.cells[column]:
                raise row.fault(column, f"'{first.cells[column]}', as in the first row of '{name}'")
    return InputSeries(
        name=name,
        times=tuple(times),
        values=tuple(row.number("value") for row in rows),
        unit=first.text("unit"),
        interpolation=first.choice("interpolation", INTERPOLATIONS),
        statuses=tuple(row.choice("status", STATUSES) for row in rows),
        sources=tuple(row.names("sources", citable, "figures.csv or sources.csv") for row in rows),
        notes=tuple(row.cells["note"] for row in rows),
        known_from=tuple(_known_from(row, time) for row, time in zip(rows, times, strict=True)),
    )


def _grid_time(row: Row) -> float:
    time = row.number("time")
    steps = time * GRID_STEPS_PER_YEAR
    if steps != round(steps):
        before, after = math.floor(steps) / GRID_STEPS_PER_YEAR, math.ceil(steps) / GRID_STEPS_PER_YEAR
        raise row.fault("time", f"a decimal year on the 1/16-year grid; nearest {before} and {after}")
    return time


def _known_from(row: Row, time: float) -> int:
    own = math.floor(time)
    if not row.cells["known_from"]:
        return own
    if row.year("known_from") > own:
        raise row.fault("known_from", f"a year up to {own}, that of the entry")
    return row.year("known_from")
