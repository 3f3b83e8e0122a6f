"""What is asked of a model in words, as text: its names, and what each of them is.

Telling it takes a moment; loading the model, to tell it from, takes longer. So the text is kept.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang import cache

if TYPE_CHECKING:
    from pujiang.engine.system import System
    from pujiang.evidence import Evidence

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Answers:
    """What is told of a model.

    Attributes:
        configs: the folder of its scenarios and shocks.
        levers, parameters: rows of name, unit, value, bounds and meaning.
        outcomes: rows of name, unit and meaning.
        names: what has a description; elements of parameters are left out.
        descriptions: by name, elements included, what it is.
        settings: the keys of a run ("run") and of a sweep ("sweep"), each with the words it allows.
    """

    configs: str
    levers: Rows
    parameters: Rows
    outcomes: Rows
    names: Sequence[str]
    descriptions: Mapping[str, str]
    settings: Mapping[str, Mapping[str, Sequence[str]]]


def kept(make: Callable[[], Answers]) -> Answers:
    """The answers of the shipped model from the cache, or made and put there."""
    return cache.remembered(
        "answers",
        make,
        load=lambda content: Answers(**json.loads(content)),
        dump=lambda found: json.dumps(asdict(found)).encode(),
    )


def answers(system: "System", evidence: "Evidence", configs: Path) -> Answers:
    """What is told of a model, its data, and how a run of it is set."""
    from pujiang.documentation.description import names, of_model

    every = names(system, evidence)
    described = {name: of_model(name, system, evidence) for name in dict.fromkeys([*every, *system.parameter_names])}
    return Answers(
        str(configs),
        _levers(system),
        _parameters(system),
        [(name, system.variables[name].unit, system.variables[name].doc) for name in system.outcomes],
        every,
        {name: text for name, text in described.items() if text is not None},
        {"run": _settings(system, sweep=False), "sweep": _settings(system, sweep=True)},
    )


def _levers(model: "System") -> Rows:
    return [
        (name, lever.unit, "none" if lever.default is None else f"{lever.default:g}", _range(lever.bounds), lever.doc)
        for name, lever in model.levers.items()
    ]


def _parameters(model: "System") -> Rows:
    from pujiang.engine.system import parameter_default

    of = {name: model.parameters[name.partition(".")[0]] for name in model.parameter_names}
    return [
        (name, found.unit, f"{parameter_default(model, name):g}", _range(found.bounds), found.doc)
        for name, found in of.items()
    ]


def _range(bounds: tuple[float, float] | None) -> str:
    return "fixed" if bounds is None else f"{bounds[0]:g} to {bounds[1]:g}"


def _settings(model: "System", *, sweep: bool) -> dict[str, tuple[str, ...]]:
    from pujiang.configuration.keys import CLUSTER, GROUPS, LEVER, RUN, SHORT, SWEEP

    options = {**RUN, **SWEEP, **CLUSTER} if sweep else RUN
    found: dict[str, tuple[str, ...]] = dict.fromkeys(GROUPS, ())
    found |= {short: options[key].words for short, key in SHORT.items() if key in options}
    found |= {name: option.words for name, option in options.items()}
    for name in model.levers:
        found |= {f"levers.{name}": (), **{f"levers.{name}.{part}": of.words for part, of in LEVER.items()}}
    return found | dict.fromkeys((f"parameters.{name}" for name in model.parameter_names), ())
