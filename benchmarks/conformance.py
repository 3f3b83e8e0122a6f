"""Public test models, as a folder: which are read, which run as their canonical output says, and why not.

    python -m benchmarks.conformance FOLDER

Every model file is held against the table beside it (output.csv, output.tab, or a table of its own name), column by
column, to 5e-3 relative and 1e-5 absolute.
"""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pujiang.engine.batch import Floats
from pujiang.engine.simulate import engine_named
from pujiang.errors import InputError, ModelError
from pujiang.exchange.case import Case, courses
from pujiang.exchange.names import identifier
from pujiang.exchange.read import Read, read

RELATIVE, ABSOLUTE = 5e-3, 1e-5
CONTROLS = frozenset({"saveper", "initial_time", "final_time", "time_step", "dt", "months", ""})

Key = tuple[str, tuple[str, ...]]


def canonical(path: Path) -> tuple[Floats, dict[str, Floats]] | None:
    """Times and columns of the table beside a model file, None where there is none."""
    places = [path.with_name("output.csv"), path.with_name("output.tab"), path.with_suffix(".tab")]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        return None
    text = found.read_text(encoding="utf-8", errors="replace").lstrip("\ufeff")
    head, *rows = csv.reader(io.StringIO(text), delimiter="\t" if found.suffix == ".tab" else ",")
    rows = [row for row in rows if row and row[0].strip()]
    columns = {name: np.array([_number(row, i) for row in rows]) for i, name in enumerate(head)}
    return columns[head[0]], {name: values for name, values in columns.items() if name != head[0]}


def _number(row: list[str], place: int) -> float:
    try:
        return float(row[place])
    except (IndexError, ValueError):
        return float("nan")


def key(heading: str) -> Key:
    """The quantity and elements a heading names: `stock[a, b]`."""
    name, _, elements = heading.strip().strip('"').partition("[")
    return identifier(name), tuple(identifier(e) for e in elements.rstrip("]").split(",")) if elements else ()


def everything(model: Read) -> dict[str, Floats]:
    """What every quantity does, constants too, by our name."""
    ran = courses(Case(model.system, {}, {}, model.grid, model.method), engine_named("reference"))
    held = {**model.system.parameters, **model.system.constants}
    return ran | {name: np.full(model.grid.steps + 1, float(given.value)) for name, given in held.items()}


def verdict(path: Path) -> tuple[str, str]:
    """match, partial (columns of the table that the model has not), mismatch, or refused; and why."""
    table = canonical(path)
    if table is None:
        return "no table", ""
    try:
        model = read(path)
    except (InputError, ModelError) as error:
        return "refused", str(error).partition(f"{path}")[2].splitlines()[0].lstrip(":")
    times, columns = table
    steps = np.rint((times - model.grid.start) / model.grid.dt).astype(int)
    if steps.min() < 0 or steps.max() > model.grid.steps:
        return "mismatch", "the table has other times"
    ran = everything(model)
    missing = []
    for heading, values in columns.items():
        name = model.names.get(key(heading), "")
        if key(heading)[0] in CONTROLS:
            continue
        if name not in ran:
            missing.append(heading)
            continue
        given = ~np.isnan(values)
        ours = ran[name][steps]
        if not np.allclose(ours[given], values[given], rtol=RELATIVE, atol=ABSOLUTE):
            return "mismatch", f"{heading}: up to {np.abs(ours - values)[given].max():.3g}"
    return ("partial", f"not in the model: {', '.join(missing[:3])}") if missing else ("match", "")


def models(folder: Path) -> Iterator[Path]:
    """Every model file below a folder."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix in {".xmile", ".mdl"})


def main(folder: str) -> None:
    """Print a page: a line a file, and how many of each verdict."""
    counts: dict[str, Counter[str]] = {".xmile": Counter(), ".mdl": Counter()}
    print("| model | verdict | why |\n| --- | --- | --- |")
    for path in models(Path(folder)):
        found, why = verdict(path)
        counts[path.suffix][found] += 1
        print(f"| {path.relative_to(folder)} | {found} | {why.replace('|', '/')} |")
    for suffix, found in counts.items():
        print(f"\n{suffix}: " + ", ".join(f"{count} {name}" for name, count in found.most_common()))


if __name__ == "__main__":
    main(sys.argv[1])
