"""What figures and reports say, in the language asked for.

A message is written in English where it is said, with named places for what varies, and is its own id: zh.yaml
holds the Chinese of each. Values are put in after translation. What a city calls its outcomes comes with its
results (`Presentation.translations`). What has no translation stays English.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.presentation import PLAIN, Outcome, Presentation, Translation
from pujiang.results.outcomes import scenario_label
from pujiang.results.summary import dimension_of

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Message:
    """A message that is said later: its English, and what stands in its places (also messages, or lists)."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return ENGLISH.message(self)


@dataclass(frozen=True)
class Words:
    """One language; calling it says a message: `say("Ranks in {year}", year=2030)`."""

    language: str
    messages: Mapping[str, str]
    presentation: Presentation = PLAIN

    @property
    def city(self) -> Translation:
        """What the city's own words are in this language."""
        return self.presentation.translations.get(self.language, Translation())

    def __call__(self, text: str, /, **values: Any) -> str:
        return self.messages.get(text, text).format(**{name: self._said(value) for name, value in values.items()})

    def message(self, message: Message) -> str:
        """A message made elsewhere."""
        return self(message.text, **message.values)

    def _said(self, value: Any) -> Any:
        if isinstance(value, Message):
            return self.message(value)
        return self.listed(list(map(self._said, value))) if isinstance(value, list) else value

    def label(self, english: str) -> str:
        """What the city calls something."""
        return self.city.labels.get(english, self.messages.get(english, english))

    def case(self, name: str) -> str:
        """A scenario or case in words; the point of a sweep and the run in brackets keep their spelling."""
        scenario, space, rest = name.partition(" ")
        return f"{self.label(scenario_label(scenario))}{space}{rest}"

    def outcome(self, name: str, units: str = "") -> Outcome:
        """How an outcome is shown, in the unit of the language: a billion yuan are ten of 亿元."""
        shown = self.presentation.outcome(name, units)
        unit, scale = self.city.units.get(shown.unit, (shown.unit, 1.0))
        decimals = max(0, shown.decimals - len(f"{scale:.0f}") + 1)
        return replace(
            shown, label=self.label(shown.label), short=self.label(shown.short), unit=unit,
            scale=shown.scale * scale, decimals=decimals,
        )  # fmt: skip

    def element(self, dimension: str, element: str) -> str:
        """What an element of a dimension is called."""
        return self.label(self.presentation.element(dimension, element))

    def scalar(self, annual: "xr.Dataset", name: str) -> str:
        """What a scalar outcome is called, which may be an element of one over a dimension, as "output.ai"."""
        outcome, _, element = name.partition(".")
        label = self.outcome(outcome).label
        part = self.element(dimension_of(annual[outcome]), element) if element else ""
        return self("{label}, {part}", label=label, part=part) if element else label

    def listed(self, names: list[str], last: str = ", ") -> str:
        """Names one after the other, in English with `last` before the last one."""
        if self.language == "zh" or len(names) < 2:
            return "、".join(names)
        return f"{', '.join(names[:-1])}{last}{names[-1]}"

    def sentences(self, parts: list[str]) -> str:
        """Sentences one after the other."""
        return ("" if self.language == "zh" else " ").join(filter(None, parts))


ENGLISH = Words("en", {})


@cache
def chinese() -> Mapping[str, str]:
    """The Chinese of every message, read once."""
    import yaml

    found: Mapping[str, str] = yaml.safe_load(Path(__file__).with_name("zh.yaml").read_text(encoding="utf-8"))
    return found


def words_in(language: str, presentation: Presentation) -> Words:
    """The words of a language ("en" or "zh"), with what a city calls its own."""
    return Words(language, {} if language == "en" else chinese(), presentation)
