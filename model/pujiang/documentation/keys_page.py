"""Every key of the configuration with type, default, what is allowed and meaning, from the options themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, replace
from typing import Any

from pujiang.configuration.folders import Folders, group_files
from pujiang.configuration.keys import CLUSTER, GROUPS, SHORT, SWEEP, lever_options, parameter_option, run_options
from pujiang.documentation.markdown import NOTE, declared_cell, paragraph, span_cell, table
from pujiang.engine.system import System
from pujiang.options import Option, allowed, shorts

KEY_COLUMNS = ("key", "type", "default", "allowed", "meaning")


def keys(system: System, folders: Folders) -> tuple[dict[str, Option], dict[str, Option]]:
    """The options by key, those of a run and those of a sweep alone; levers and parameters once for all."""
    groups = {name: replace(option, allowed=", ".join(group_files(name, folders))) for name, option in GROUPS.items()}
    levers = {f"levers.<name>.{key}": option for key, option in lever_options(system, "").items()}
    parameter = {"parameters.<name>": parameter_option(system, "")}
    if any(declared.over is not None for declared in system.parameters.values()):
        parameter["parameters.<name>.<element>"] = parameter_option(system, "")
    return {**groups, **levers, **parameter, **run_options(system)}, {**SWEEP, **CLUSTER}


def _rows(options: Mapping[str, Option]) -> Iterable[tuple[str, ...]]:
    short = {key: name for name, key in {**SHORT, **shorts(CLUSTER)}.items()} | {
        "levers.<name>.target": "levers.<name>"
    }
    for key, option in options.items():
        name = f"`{key}`" + (f", or `{short[key]}`" if key in short else "")
        yield name, option.kind, _shown(option.default), allowed(option), option.doc


def _shown(default: Any) -> str:
    if default is None or default is MISSING:
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def keys_page(system: System, folders: Folders) -> str:
    """The page: every key, then every lever and every parameter with its bounds."""
    run, sweep = keys(system, folders)
    begins = system.calendar.policy_from
    scenario = next((name for name in group_files("scenario", folders) if name != "baseline"), "baseline")
    lever, settable = next(iter(system.levers.items()), ("NAME", None))
    value = 1.0 if settable is None else settable.bounds[1]
    return (
        "\n\n".join(
            [
                "# Configuration: every key",
                NOTE,
                paragraph(
                    f"Set keys as words, `pujiang run scenario={scenario} levers.{lever}.target={value:g}`, in "
                    f'Python, `pujiang.run("{scenario}", levers={{"{lever}": {value:g}}})`, or in a file of your '
                    "own, with `--config-dir`. Whatever is not listed is refused, with the nearest key there is. A "
                    f"date is a decimal year, {begins}.5, or a year and month, {begins}-07; it lies on the grid of "
                    "steps (all months do with simulation.dt=0.083333)."
                ),
                "## Runs",
                table(KEY_COLUMNS, _rows(run)),
                "## Sweeps",
                paragraph(
                    "A sweep takes the keys of a run, several values for those that vary, and these. Levers and "
                    "parameters also take `a,b,c`, `range(low,end,step)`, which leaves its end out, "
                    "`interval(low,high)`, `prior` and `bounds`."
                ),
                table(KEY_COLUMNS, _rows(sweep)),
                "## Levers",
                table(
                    ("key", "unit", f"default from {begins}", "bounds", f"before {begins}", "meaning"), _levers(system)
                ),
                "## Parameters",
                paragraph("What each means, its prior and its source: [parameters.md](parameters.md)."),
                table(("key", "unit", "bounds"), _parameters(system)),
            ]
        )
        + "\n"
    )


def _levers(system: System) -> Iterable[tuple[str, ...]]:
    for name, lever in system.levers.items():
        rest = "not set" if lever.default is None else declared_cell(lever.default)
        history = f"series `{lever.history}`" if lever.history else "as the default"
        yield f"`levers.{name}`", lever.unit, rest, span_cell(lever.bounds), history, lever.doc


def _parameters(system: System) -> Iterable[tuple[str, ...]]:
    for name in system.parameter_names:
        parameter = system.parameters[name.partition(".")[0]]
        yield f"`parameters.{name}`", parameter.unit, span_cell(parameter.bounds) or "any number"
