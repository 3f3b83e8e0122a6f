"""The plan of a sweep in the files of its folder: written, and read back with every check of a new one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pujiang.configuration import levers
from pujiang.configuration.folders import YamlFile, read_yaml
from pujiang.configuration.read import read as read_config
from pujiang.configuration.scenario_file import Layer
from pujiang.configuration.sweep_axes import axes_from_csv, named_axes, spread_of
from pujiang.configuration.sweep_plan import design_of, kept_of
from pujiang.configuration.words import Between
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.axes import axis_as_mapping
from pujiang.experiment.designs import Floats
from pujiang.experiment.scenario import setting_as_mapping
from pujiang.experiment.sweep import Case, Plan
from pujiang.reading import LARGEST

PLAN_FILE = "sweep.yaml"
POINTS_FILE = "points.csv"


def plan_files(made: Plan) -> dict[str, str]:
    """The files of a plan: config.yaml (scenarios without axes), sweep.yaml (the rest), points of a csv design."""
    import yaml

    content = {
        "design": {"kind": made.design.kind, "size": made.design.size, "seed": made.design.seed},
        "choices": {name: list(values) for name, values in made.choices},
        "axes": [axis_as_mapping(axis) for axis in made.axes],
        "cases": [
            {
                "scenario": made.reference.scenarios[case.scenario].name,
                "levers": {name: setting_as_mapping(setting) for name, setting in case.levers.items()},
            }
            for case in made.cases
        ],
        "outcomes": list(made.outcomes),
        "precision": made.precision,
        "keep": made.keep,
    }
    files = {
        "config.yaml": made.reference.as_yaml(),
        PLAN_FILE: yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100),
    }
    if made.table is not None:
        rows = [",".join(axis.key for axis in made.axes)]
        rows += [",".join(repr(float(value)) for value in column) for column in made.table.T]
        files[POINTS_FILE] = "\n".join(rows) + "\n"
    return files


def read_plan(folder: Path, system: System) -> Plan:
    """The plan a sweep's folder holds, checked as if it were new.

    Raises:
        InputError: naming what is wrong with it.
    """
    reference = read_config(folder, system)
    if not (folder / PLAN_FILE).is_file():
        raise InputError(f"'{folder}' holds no sweep: it has no {PLAN_FILE}")
    file = read_yaml(folder / PLAN_FILE, LARGEST)
    content, dt = file.content, reference.simulation.dt
    try:
        kind = content["design"]["kind"]
        own = {"design.kind": kind, "output.outcomes": content["outcomes"], "output.precision": content["precision"]}
        own["output.keep"] = content.get("keep", "all")
        if kind == "csv":
            own["design.file"] = str(folder / POINTS_FILE)
        elif kind != "grid":
            own |= {f"design.{key}": content["design"][key] for key in ("size", "seed")}
        design, kept = design_of(own), kept_of(own, system)
        table: Floats | None = None
        if kind == "csv":
            spreads, table = axes_from_csv(folder / POINTS_FILE, system, dt)
        else:
            spreads = {axis["key"]: spread_of(axis["key"], _asked(axis), system, dt) for axis in content["axes"]}
        names = [scenario.name for scenario in reference.scenarios]
        cases = tuple(
            Case(names.index(case["scenario"]), levers.all_checked(_layer(case, file), system, dt))
            for case in content["cases"]
        )
        choices = tuple((name, tuple(values)) for name, values in content["choices"].items())
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{file.where()}: damaged: {error!r}") from error
    return Plan(
        reference,
        choices,
        cases,
        named_axes(spreads, system),
        design,
        table,
        kept.outcomes or (),
        kept.precision,
        kept.keep,
    )


def _asked(axis: Mapping[str, Any]) -> Any:
    if "values" in axis:
        return tuple(axis["values"])
    return Between(*axis["interval"]) if "interval" in axis else "prior"


def _layer(case: Mapping[str, Any], file: YamlFile) -> Layer:
    return {name: (setting, file.where) for name, setting in case["levers"].items()}
