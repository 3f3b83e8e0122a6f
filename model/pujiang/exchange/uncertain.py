"""Bounds, priors and levers of a model that was read, from a YAML file beside it: other tools' files hold numbers only.

characteristic_time: {bounds: [5, 20], prior: {lognormal: [10, 0.3]}}
room_temperature: {lever: [60, 80]}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pujiang.errors import InputError, nearest
from pujiang.priors import Prior, logitnormal, lognormal, normal

PRIORS = {"lognormal": lognormal, "normal": normal, "logitnormal": logitnormal}
KEYS = ("bounds", "prior", "lever")


@dataclass(frozen=True)
class Uncertain:
    """How far a number may go, how it is distributed, or how far it can be set as a lever, over time."""

    bounds: tuple[float, float] | None = None
    prior: Prior | None = None
    lever: tuple[float, float] | None = None


def uncertain(path: Path, names: Mapping[str, float]) -> dict[str, Uncertain]:
    """What a file says of the numbers of a model, by name; nothing where there is no such file.

    Raises:
        InputError: if the file names no parameter of the model, or says of one what is not understood.
    """
    if not path.is_file():
        return {}
    import yaml

    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise InputError(f"{path}: {' '.join(str(error).split())}") from None
    if not isinstance(given, dict):
        raise InputError(f"{path}: allowed: a mapping from parameters to bounds and prior")
    for name in given:
        if name not in names:
            raise InputError(f"{path}: there is no parameter '{name}'{nearest(str(name), names)}")
    found = {name: _uncertain(f"{path}: {name}", facts) for name, facts in given.items()}
    for name, facts in found.items():
        if facts.lever is not None and not facts.lever[0] <= names[name] <= facts.lever[1]:
            raise InputError(f"{path}: {name}.lever: {list(facts.lever)} leaves out its value, {names[name]:g}")
    return found


def _uncertain(where: str, facts: Any) -> Uncertain:
    if not isinstance(facts, dict) or not facts.keys() <= set(KEYS):
        raise InputError(f"{where}: allowed: {', '.join(KEYS)}")
    if "lever" in facts:
        reach = facts["lever"]
        if len(facts) > 1 or not (_numbers(reach) and reach[0] < reach[1]):
            raise InputError(f"{where}: found {facts}; allowed: lever: [lower, upper] alone, or bounds and prior")
        return Uncertain(lever=(float(reach[0]), float(reach[1])))
    bounds = facts.get("bounds")
    if bounds is not None and not (_numbers(bounds) and bounds[0] < bounds[1]):
        raise InputError(f"{where}.bounds: found {bounds}; allowed: [lower, upper]")
    prior = facts.get("prior")
    if prior is None:
        return Uncertain(None if bounds is None else (float(bounds[0]), float(bounds[1])))
    if bounds is None:
        raise InputError(f"{where}: a prior needs bounds beside it")
    if not isinstance(prior, dict) or len(prior) != 1 or not prior.keys() <= PRIORS.keys():
        raise InputError(f"{where}.prior: found {prior}; allowed: one of {', '.join(PRIORS)}")
    ((kind, numbers),) = prior.items()
    if not _numbers(numbers):
        raise InputError(f"{where}.prior.{kind}: found {numbers}; allowed: two numbers")
    return Uncertain((float(bounds[0]), float(bounds[1])), PRIORS[kind](*map(float, numbers)))


def _numbers(given: Any) -> bool:
    return isinstance(given, list) and len(given) == 2 and all(isinstance(number, int | float) for number in given)
