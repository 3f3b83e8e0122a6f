"""What a city says of its results: its plan's goals, the outcomes to show first, and when policy can begin."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A plan goal: the outcome reaches at least `value` in `year`; `short` labels its line in a figure."""

    outcome: str
    year: int
    value: float
    text: str
    short: str
    source: str


@dataclass(frozen=True)
class Translation:
    """What a city's own words are in another language, by their English.

    Attributes:
        labels: of outcomes, elements, scenarios and goals.
        units: those outcomes are shown in: the unit of the other language, and how many of it are one.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, tuple[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Presentation:
    """What results need to know of a city; every run carries it, so that its results can be read alone.

    Attributes:
        place: what the model is of, as titles name it.
        headline: the outcomes that tables and figures show, in groups with a title each; all where there are none.
        goals: of the plan.
        policy_from: the first year in which scenarios part; None: the first there is.
        scenarios: those that keep their colour in every figure, in the order of the palette.
        translations: of the city's words, by language.
    """

    place: str = ""
    headline: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    policy_from: int | None = None
    scenarios: tuple[str, ...] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The headline outcomes in their order."""
        return tuple(name for names in self.headline.values() for name in names)

    def attributes(self) -> dict[str, Any]:
        """As an attribute of a dataset."""
        return {"presentation": json.dumps(asdict(self), ensure_ascii=False)}


def presentation_of(attributes: Mapping[Any, Any]) -> Presentation:
    """What a dataset's attributes hold of it; an empty one where they hold nothing."""
    found = json.loads(str(attributes.get("presentation", "{}")))
    goals = tuple(Goal(**goal) for goal in found.pop("goals", ()))
    headline = {title: tuple(names) for title, names in found.pop("headline", {}).items()}
    translations = {language: Translation(**parts) for language, parts in found.pop("translations", {}).items()}
    scenarios = tuple(found.pop("scenarios", ()))
    return Presentation(**found, scenarios=scenarios, headline=headline, goals=goals, translations=translations)
