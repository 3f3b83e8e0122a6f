"""Data as the model reads them: in its units, converted or refused; and gaps in them, told."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isclose

from pujiang.engine.shown import annual_unit
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.evidence import Evidence, InputSeries, Observation
from pujiang.measures import conversion, measure
from pujiang.units import UnitError


def in_model_units(evidence: Evidence, system: System) -> Evidence:
    """The evidence with every value in the unit the model reads it in, or is held against it in.

    Raises:
        InputError: naming both units, where one cannot be converted to the other; or the factor, where the scale of
            an observation is another than its units say.
    """
    inputs_at, observed_at = (evidence.files.get(name) for name in ("inputs.csv", "observations.csv"))
    wanted = _series_units(system)
    things = _counted(system)
    series = {
        name: _converted(found, wanted[name], f"{inputs_at}: {name}") if name in wanted else found
        for name, found in evidence.inputs.items()
    }
    observations = tuple(_observation(found, system, things, str(observed_at)) for found in evidence.observations)
    return replace(evidence, inputs=series, observations=observations)


def told_gaps(evidence: Evidence, system: System) -> list[str]:
    """A line for every series of the model that holds a value over dates it has no figure for."""
    read = _series_units(system)
    return [
        f"{evidence.files.get('inputs.csv')}: {name} has nothing between {before:g} and {after:g}; the value of "
        f"{before:g} is held (interpolation=linear would draw a line)"
        for name, found in evidence.inputs.items()
        if name in read
        for before, after in found.gaps
    ]


def _series_units(system: System) -> Mapping[str, str]:
    """The unit of every series the model reads, histories of levers among them."""
    histories = {lever.history: lever.unit for lever in system.levers.values() if lever.history is not None}
    return histories | {name: found.unit for name, found in system.series.items()}


def _counted(system: System) -> frozenset[str]:
    """The base units that count things: those that bear no word of scale."""
    return frozenset(name for name in system.units if measure(name)[0] == 1 and name != "year")


def _converted(series: InputSeries, unit: str, where: str) -> InputSeries:
    if series.unit == unit:
        return series
    try:
        factor = conversion(series.unit, unit)
    except UnitError:
        raise InputError(
            f"{where}: found the unit '{series.unit}', which cannot be converted to '{unit}', the model's"
        ) from None
    return replace(series, unit=unit, values=tuple(value * factor for value in series.values))


def _observation(found: Observation, system: System, things: Iterable[str], where: str) -> Observation:
    place = f"{where}: {found.series}, {found.entity} {found.year}"
    _refuse_other_scale(found, place)
    variable = system.variables.get((found.outcome or "").partition(".")[0])
    if variable is None or variable.annual is None:
        return found
    unit = "1" if found.base_year is not None else annual_unit(variable)  # one year over another is a pure number
    if found.unit == unit or _same_count(found.unit, unit, things):
        return found
    try:
        factor = conversion(found.unit, unit)
    except UnitError:
        raise InputError(
            f"{place}: found the unit '{found.unit}', which cannot be converted to '{unit}', that of {found.outcome}"
        ) from None
    sd = found.sd * factor if found.sd is not None and found.sd_scale == "abs" else found.sd
    return replace(found, unit=unit, value=found.value * factor, sd=sd)


def _same_count(given: str, wanted: str, things: Iterable[str]) -> bool:
    """Whether both count things the model knows: an application may be reported as a patent."""
    return given in things and wanted in things


def _refuse_other_scale(found: Observation, place: str) -> None:
    """Published in million_yuan and held in billion_yuan, the scale can only be a thousandth."""
    try:
        factor = conversion(found.reported_unit, found.unit)
    except UnitError:
        return  # published in words that are no unit of the model: "companies listed"
    scale = found.value / found.reported_value if found.reported_value else factor
    if not isclose(scale, factor, rel_tol=1e-6):
        raise InputError(
            f"{place}: found the scale {scale:g} from '{found.reported_unit}' to '{found.unit}', needs {factor:g}"
        )
