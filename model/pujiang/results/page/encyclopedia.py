"""What a page says of every variable, input and loop: meaning, equation, causes, and what a number rests on."""

from typing import Any

from pujiang.engine.notation import mathematics
from pujiang.engine.system import System
from pujiang.engine.variable import Variable


def variables_told(system: System) -> dict[str, dict[str, Any]]:
    """By name: kind, unit, meaning, equation, causes."""
    return {name: _variable(system, variable) for name, variable in system.variables.items()}


def _variable(system: System, variable: Variable) -> dict[str, Any]:
    return {
        "kind": variable.kind,
        "unit": variable.unit,
        "doc": variable.doc,
        "sector": variable.sector,
        "equation": _equation(system, variable),
        "causes": list(variable.causes),
    }


def _equation(system: System, variable: Variable) -> str:
    """The equation in plain text; of a stock, what fills and empties it."""
    if variable.expression is not None:
        return mathematics(variable.expression)
    ends = system.flow_ends
    into = [name for name in variable.causes if name in ends and ends[name].into == variable.name]
    out = [name for name in variable.causes if name in ends and ends[name].out_of == variable.name]
    return " ".join(["d/dt =", " + ".join(into), *(f"− {name}" for name in out)]).replace("=  −", "= −")


def loops_told(system: System) -> dict[str, dict[str, Any]]:
    """The feedback loops by their codes: name, polarity, meaning, and the variables they run through, in that order."""
    return {
        loop.code: {
            "name": name,
            "polarity": loop.polarity,
            "doc": loop.doc,
            "through": [cause for cause, _ in system.loop_links[name]],
        }
        for name, loop in system.loops.items()
    }


def inputs_told(system: System) -> dict[str, dict[str, Any]]:
    """The same of parameters, constants, tables and series: kind, unit, meaning, value, what it rests on."""
    found: dict[str, dict[str, Any]] = {}
    for name, parameter in system.parameters.items():
        value = parameter.value if isinstance(parameter.value, float | int) else dict(parameter.value)
        found[name] = {"kind": "parameter", "value": value, "rests": _rests(parameter)}
    for name, constant in system.constants.items():
        found[name] = {"kind": "constant", "value": constant.value, "rests": _rests(constant)}
    for name, table in system.tables.items():
        found[name] = {"kind": "table", "value": [list(point) for point in table.points], "rests": _rests(table)}
    for name in system.series:
        found[name] = {"kind": "series", "value": None, "rests": ""}
    for name, told in found.items():
        declared = system.entries[name].declaration
        told |= {"unit": declared.unit, "doc": declared.doc}
    return found


def _rests(declared: Any) -> str:
    return f"{declared.basis.kind}: {declared.basis.reason}"
