"""A case that a page starts from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pujiang.experiment.levers import LeverSetting


@dataclass(frozen=True)
class Case:
    """A case to start from: a scenario, or a shock, which is laid over whatever is set."""

    name: str
    title: str
    meaning: str
    levers: Mapping[str, LeverSetting] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
