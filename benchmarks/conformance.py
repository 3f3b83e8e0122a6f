"""Public test models, as a folder: which are read, which run as their canonical output says, and why not.

    python -m benchmarks.conformance FOLDER

Every model file is held against the table beside it (output.csv, output.tab, or a table of its own name), column by
column, to 5e-3 relative and 1e-5 absolute.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from pujiang.engine.batch import Floats
from pujiang.engine.simulate import engine_named
from pujiang.errors import InputError, ModelError
from pujiang.exchange.case import Case, courses
from pujiang.exchange.read import Read, read
from pujiang.exchange.tables import Table, key, table

RELATIVE, ABSOLUTE = 5e-3, 1e-5
CONTROLS = frozenset({"saveper", "initial_time", "final_time", "time_step", "dt", "months", ""})


def canonical(path: Path) -> list[Table]:
    """Times and columns of every table beside a model file, the usual one first."""
    usual = [path.with_name("output.csv"), path.with_name("output.tab"), path.with_suffix(".tab")]
    others = sorted([*path.parent.glob("*.tab"), *path.parent.glob("output*.csv")])
    return [table(place) for place in dict.fromkeys([*usual, *others]) if place.is_file()]


def everything(model: Read, method: str) -> dict[str, Floats]:
    """What every quantity does, constants too, by our name."""
    ran = courses(Case(model.system, {}, {}, model.grid, method), engine_named("reference"))
    held = {**model.system.parameters, **model.system.constants}
    return ran | {name: np.full(model.grid.steps + 1, float(given.value)) for name, given in held.items()}


def verdict(path: Path) -> tuple[str, str]:
    """What comes of a model, and why.

    match; by Euler (the table was made by another method than the file asks for); partial (columns of the table that
    the model has not); mismatch; refused.
    """
    tables = canonical(path)
    if not tables:
        return "no table", ""
    try:
        model = read(path)
        ran = everything(model, model.method)
    except (InputError, ModelError) as error:
        return "refused", str(error).partition(f"{path}")[2].splitlines()[0].lstrip(":")
    # Of several models in a folder each has a table of its own: the one whose columns it has.
    held = min(tables, key=lambda table: len(_missing(model, ran, table)))
    fault = difference(model, ran, held)
    if fault and model.method != "euler" and not difference(model, everything(model, "euler"), held):
        return "by Euler", "the table is that of Euler's method, the file asks for RK4"
    if fault:
        return "mismatch", fault
    missing = _missing(model, ran, held)
    return ("partial", f"not in the model: {', '.join(missing[:3])}") if missing else ("match", "")


def _missing(model: Read, ran: Mapping[str, Floats], table: Table) -> list[str]:
    """Columns that the model has not."""
    return [h for h in table[1] if key(h)[0] not in CONTROLS and model.names.get(key(h), "") not in ran]


def difference(model: Read, ran: Mapping[str, Floats], table: Table) -> str:
    """Where a run leaves a table, and by how much; nothing where it does not."""
    times, columns = table
    steps = np.rint((times - model.grid.start) / model.grid.dt).astype(int)
    if steps.min() < 0 or steps.max() > model.grid.steps:
        return "the table has other times"
    for heading, values in columns.items():
        name = model.names.get(key(heading), "")
        if name in ran and key(heading)[0] not in CONTROLS:
            given = ~np.isnan(values)
            ours = ran[name][steps]
            if not np.allclose(ours[given], values[given], rtol=RELATIVE, atol=ABSOLUTE):
                return f"{heading}: up to {np.abs(ours - values)[given].max():.3g}"
    return ""


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
