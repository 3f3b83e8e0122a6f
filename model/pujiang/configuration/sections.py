"""The parts of a configuration other than levers, from values by dotted key to typed values."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pujiang.configuration.values import choice, flag, number, shown, text, whole
from pujiang.engine.batch import METHODS
from pujiang.engine.simulate import ENGINES, Simulation
from pujiang.errors import InputError
from pujiang.experiment.levers import Where
from pujiang.experiment.scenario import FIRST_YEAR, KINDS, LANGUAGES, EnsembleConfig, Output

Bounds = tuple[float, float] | None
Values = Mapping[str, Any]

COARSEST, FINEST = 8, 1024
"""Steps to the year: coarser misses the breaks of the data, finer only costs."""


def simulation(values: Values, where: Where) -> Simulation:
    """The calendar, the step and the method.

    The step divides a year and is 1/8 year or finer; trajectories are saved at a whole number of steps and of
    times to the year.
    """
    default = Simulation()
    section = _section(values, where, "simulation")
    first = whole(section("first_year", default.first_year), where("simulation", "first_year"), FIRST_YEAR, FIRST_YEAR)
    last = whole(section("last_year", default.last_year), where("simulation", "last_year"), 2026, 2060)
    steps = _parts_of_year(section("dt", default.dt), where("simulation", "dt"), COARSEST, FINEST)
    saves = _parts_of_year(section("save_every", default.save_every), where("simulation", "save_every"), 1, steps)
    if steps % saves:
        allowed = ", ".join(f"{1 / k:.6g}" for k in range(1, steps + 1) if steps % k == 0)
        raise InputError(
            f"{where('simulation', 'save_every')}: found {1 / saves:.6g}, not a whole number of steps of "
            f"{1 / steps:.6g} year; allowed: {allowed}"
        )
    method: Any = choice(section("method", default.method), where("simulation", "method"), METHODS)
    return Simulation(first, last, 1 / steps, method, 1 / saves)


def rest(values: Values, where: Where) -> dict[str, Any]:
    """Ensemble, fit, evidence, engine and output, by the names `RunConfig` has for them."""
    members, out = EnsembleConfig(), Output()
    section = _section(values, where, "ensemble")
    size = values.get("ensemble", section("size", members.size))
    ensemble = EnsembleConfig(
        whole(size, where("ensemble") if "ensemble" in values else where("ensemble", "size"), 0, 100_000),
        whole(section("seed", members.seed), where("ensemble", "seed"), 0, 2**32 - 1),
        choice(section("kind", members.kind), where("ensemble", "kind"), KINDS),  # type: ignore[arg-type]
    )
    section = _section(values, where, "output")
    output = Output(
        text(section("folder", out.folder), where("output", "folder")),
        flag(section("figures", out.figures), where("output", "figures")),
        choice(section("lang", out.lang), where("output", "lang"), LANGUAGES),  # type: ignore[arg-type]
    )
    return {
        "ensemble": ensemble,
        "fit": _word_or_folder(values.get("fit"), where("fit"), "shipped", "declared"),
        "evidence": _word_or_folder(values.get("evidence"), where("evidence"), "shipped"),
        "engine": choice(values.get("engine", "auto"), where("engine"), ENGINES),
        "output": output,
    }


def parameter(name: str, value: Any, where: str, parameters: Mapping[str, Bounds]) -> float:
    """The value a parameter is fixed at."""
    bounds = parameters[name]
    return number(value, where, *bounds) if bounds is not None else number(value, where)


def _section(values: Values, where: Where, head: str) -> Any:
    """A reader of one section's keys; a single value in its place is refused, but for `ensemble=200`."""
    if values.get(head) is not None and head != "ensemble":
        raise InputError(f"{where(head)}: found {shown(values[head])}, needs a mapping of keys to values")

    def read(key: str, default: Any) -> Any:
        value = values.get(f"{head}.{key}")
        return default if value is None else value

    return read


def _parts_of_year(value: Any, where: str, low: int, high: int) -> int:
    """Into how many equal parts a length of time divides the year."""
    length = number(value, where)
    parts = round(1 / length) if length > 0 else 0
    if low <= parts <= high and abs(parts * length - 1) < 1e-4:
        return parts
    near = min(max(parts, low), high) if length > 0 else low
    raise InputError(
        f"{where}: found {length:.6g}, needs a year divided by a whole number from {low} to {high}; "
        f"nearest: {1 / near:.6g}"
    )


def _word_or_folder(value: Any, where: str, *words: str) -> str:
    name = words[0] if value is None else text(value, where)
    if name not in words and not Path(name).is_dir():
        raise InputError(f"{where}: found {shown(name)}, allowed: {', '.join(words)}, or a folder that exists")
    return name
