"""What results say of themselves: how outcomes are shown, which come first, and the goals they are held against."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A goal of a plan: an outcome reaches at least `value` in `year`.

    Attributes:
        outcome: its name (`name.element` of one that runs over a dimension); empty where no outcome answers to it.
        short: what labels its line in a figure.
        basis: how the figure of the plan is read: what "about" admits, which outcome stands for it and why.
        base_year: `value` is the outcome over its own value of that year.
        indicator: whether it is one of the plan's core indicators.
    """

    outcome: str
    year: int
    value: float
    text: str
    short: str
    source: str
    basis: str = ""
    base_year: int | None = None
    indicator: bool = False

    @property
    def modelled(self) -> bool:
        """Whether an outcome answers to it."""
        return bool(self.outcome)


@dataclass(frozen=True)
class Outcome:
    """How one outcome is shown: `scale` times the stored value, with `decimals`, in `unit`.

    `short` labels a table row. `difference` says how a difference from the baseline reads best: in percent, in
    percentage points ("points"), or as a "number" (counts that may be near 0). `better`: "more" or "less" where
    one is better, else empty. Only a direction makes regret; ranks without one go from high to low.
    """

    label: str
    short: str
    unit: str = ""
    scale: float = 1.0
    decimals: int = 2
    difference: str = "percent"
    better: str = ""


@dataclass(frozen=True)
class TrackRecord:
    """How an outcome was foretold in hindcasts, with inputs as one would then have set them.

    Attributes:
        series: the one it is held against. points: forecasts scored, up to `horizon` years ahead.
        coverage: share of what came that the 80 % band held. bias: observed over foretold, in logarithms.
        skill: 1 - CRPS over that of the best naive forecast, `against`; None where the series is too short for one.
    """

    series: str
    points: int
    coverage: float
    bias: float
    skill: float | None
    against: str
    horizon: int


Shares = dict[str, dict[str, float]]
"""Shares of the variance of an outcome's band by kind (part, sector, parameter, chance) and name."""


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
        levers: in groups with a title each, as those who set them think of them.
        policy_from: the first year in which scenarios part; None: the first there is.
        scenarios: those that keep their colour in every figure, in the order of the palette.
        translations: of the city's words, by language.
        shown: how each outcome is shown, as it is declared.
        elements: what the elements of each dimension are called.
        records: how each scalar outcome was foretold in hindcasts; OVERALL stands for all that are fitted.
        bands: what carries the band of each scalar outcome of the baseline in the last year of a run.
        errors: how far the model errs in each scalar outcome, the standard deviation of the logarithm;
            OVERALL for those that are not named.
        cost: the outcome that says what policy costs; empty where none does.
    """

    place: str = ""
    headline: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    levers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policy_from: int | None = None
    scenarios: tuple[str, ...] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict)
    shown: Mapping[str, Outcome] = field(default_factory=dict)
    elements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    records: Mapping[str, TrackRecord] = field(default_factory=dict)
    bands: Mapping[str, Shares] = field(default_factory=dict)
    errors: Mapping[str, float] = field(default_factory=dict)
    cost: str = ""

    def outcome(self, name: str, units: str = "") -> Outcome:
        """How an outcome is shown; one of which nothing is known goes by its own name, in its stored units."""
        label = name.replace("_", " ").capitalize()
        return self.shown.get(name) or Outcome(label, label, units)

    def element(self, dimension: str, element: str) -> str:
        """What an element of a dimension is called."""
        return self.elements.get(dimension, {}).get(element) or element.replace("_", " ").capitalize()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The headline outcomes in their order."""
        return tuple(name for names in self.headline.values() for name in names)

    def among(self, names: Iterable[str]) -> list[str]:
        """The headline outcomes among some names, in their order; all of the names where none is."""
        known = dict.fromkeys(names)
        return [name for name in self.outcomes if name in known] or list(known)

    def lever_groups(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Levers by the title of their group, those of none under "Levers"."""
        known = dict.fromkeys(names)
        groups = {title: [name for name in group if name in known] for title, group in self.levers.items()}
        grouped = {name for group in groups.values() for name in group}
        rest = [name for name in known if name not in grouped]
        return {title: group for title, group in {**groups, "Levers": rest}.items() if group}

    def attributes(self) -> dict[str, Any]:
        """As an attribute of a dataset."""
        return {"presentation": json.dumps(self, default=vars, ensure_ascii=False)}


OVERALL = "*"
"""What stands for all outcomes that are fitted, among records."""

PLAIN = Presentation()
"""Nothing but what names say of themselves."""


def presentation_of(attributes: Mapping[Any, Any]) -> Presentation:
    """What a dataset's attributes hold of it; an empty one where they hold nothing."""
    return _read(str(attributes.get("presentation", "{}")))


@lru_cache(maxsize=8)
def _read(text: str) -> Presentation:
    found = json.loads(text)
    goals = tuple(Goal(**goal) for goal in found.pop("goals", ()))
    headline = {title: tuple(names) for title, names in found.pop("headline", {}).items()}
    levers = {title: tuple(names) for title, names in found.pop("levers", {}).items()}
    translations = {language: Translation(**parts) for language, parts in found.pop("translations", {}).items()}
    shown = {name: Outcome(**parts) for name, parts in found.pop("shown", {}).items()}
    scenarios = tuple(found.pop("scenarios", ()))
    records = {name: TrackRecord(**parts) for name, parts in found.pop("records", {}).items()}
    return Presentation(
        **found,
        scenarios=scenarios,
        headline=headline,
        goals=goals,
        levers=levers,
        translations=translations,
        shown=shown,
        records=records,
    )
