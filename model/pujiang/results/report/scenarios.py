"""The scenarios of a report in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pujiang.results.compare.inputs import setting_in_words
from pujiang.results.explanation.names import called
from pujiang.results.outcomes import unit_in_words
from pujiang.results.words import ENGLISH, Words

if TYPE_CHECKING:
    from pujiang.declare import Lever


@dataclass(frozen=True)
class LeverRow:
    """A lever as a scenario sets it."""

    name: str
    meaning: str
    setting: str
    unit: str


@dataclass(frozen=True)
class ScenarioPart:
    """A scenario in words."""

    name: str
    label: str
    title: str
    meaning: str
    run: int
    levers: tuple[LeverRow, ...]
    parameters: tuple[tuple[str, str], ...]


def scenario_parts(
    cases: Sequence[tuple[int, str]],
    configs: Sequence[Mapping[str, Any]],
    labels: Sequence[str],
    levers: "Mapping[str, Lever]",
    say: Words,
) -> tuple[ScenarioPart, ...]:
    """The cases in the order of the comparison, with what the configuration of their run says of them."""
    parts = []
    for (run, name), label in zip(cases, labels, strict=True):
        listed = configs[run].get("scenarios")
        known = {entry["name"]: entry for entry in listed if "name" in entry} if isinstance(listed, list) else {}
        entry = known.get(name, {})
        rows = [_lever_row(lever, setting, levers, say) for lever, setting in (entry.get("levers") or {}).items()]
        fixed = [
            (str(key).replace("_", " ").capitalize(), f"{value:.6g}")
            for key, value in (entry.get("parameters") or {}).items()
        ]
        title = str(entry.get("title") or "")
        title = label if title in ("", ENGLISH.case(name)) else title
        meaning = " ".join(str(entry.get("meaning") or "").split())
        parts.append(ScenarioPart(name, label, title, meaning, run, tuple(rows), tuple(fixed)))
    return tuple(parts)


def _lever_row(name: str, setting: Any, levers: "Mapping[str, Lever]", say: Words) -> LeverRow:
    known = levers.get(name)
    words = called(name, say)
    if known is None:
        return LeverRow(words, "", setting_in_words(setting, say=say), "")
    resting = say("not set") if known.default is None else f"{known.default:g}"
    return LeverRow(words, known.doc, setting_in_words(setting, resting, say), unit_in_words(known.unit))
