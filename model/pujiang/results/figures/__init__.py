"""Figures of a run, drawn in the language asked for: outcomes, differences from the baseline, ranks, fit to the data.

Drawn without pyplot, whose window systems and import time a command line does not need.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.evidence import Observation
from pujiang.presentation import presentation_of
from pujiang.results.columns import Columns
from pujiang.results.figures.panels import Panel, panels_of
from pujiang.results.outcomes import level_text, signed
from pujiang.results.summary import change, dimension_of, draws, headline, policy_from, quantiles
from pujiang.results.words import ENGLISH, Words, words_in

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["Drawing", "drawings", "write_figures"]


@dataclass(frozen=True)
class Drawing:
    """A figure without its heading: key, title, how to read it, and what it shows to those who cannot see it."""

    key: str
    title: str
    note: str
    description: str
    figure: "Figure"


def write_figures(
    annual: "xr.Dataset",
    folder: Path,
    observations: Iterable[Observation] = (),
    *,
    reached: Any = None,
    variance: Any = None,
    titles: Mapping[str, str] | None = None,
    failed: bool = False,
    language: str = "en",
) -> list[Path]:
    """Write the figures of a run into `folder`, made where it is missing; the files written.

    `annual`: dims (scenario, member, year[, element]), the baseline first. `titles` say what each scenario is,
    changes included. `reached`: the outcomes with the errors of the model, as bands of levels show them (by default as
    they are). `variance`: what makes levels uncertain, as a run's /uncertainty. `failed` marks every figure.
    `language` "zh": Chinese labels where a font has them; without one a warning, and English.
    """
    from pujiang.results.figures.style import heading, language_drawn, save_svg, styled

    language = language_drawn(language)
    say = words_in(language, presentation_of(annual.attrs))
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{say.case(name)}: {title}" for name, title in (titles or {}).items() if title != ENGLISH.case(name)]
    written = []
    with styled(language):
        for made in drawings(annual, tuple(observations), say, columns=3, reached=reached, variance=variance):
            note = "\n".join([made.note, *lines])
            heading(made.figure, made.title, note, failed=failed, say=say)
            written.append(folder / f"{made.key}.svg")
            save_svg(made.figure, written[-1], made.title, made.description)
    return written


def drawings(
    annual: "xr.Dataset",
    observations: Sequence[Observation],
    say: Words,
    *,
    columns: int,
    ranks: Columns | None = None,
    reached: Any = None,
    variance: Any = None,
) -> list[Drawing]:
    """The figures of a run, to be drawn within `style.styled`; with `ranks`, those of the comparison too.

    Headline outcomes stand together, each group by itself where there are fewer than three columns; a group with
    an outcome over a dimension has a figure of its own.
    """
    from pujiang.results.figures.differences import differences
    from pujiang.results.figures.fit import fit
    from pujiang.results.figures.panels import small_multiples
    from pujiang.results.figures.ranks import ranks_in_words, slopes
    from pujiang.results.figures.style import colours
    from pujiang.results.figures.uncertainty import shares

    kept = presentation_of(annual.attrs).scenarios
    style = colours([str(name) for name in annual["scenario"].values], kept)
    year, names = int(annual["year"].values[-1]), headline(annual)
    made = []
    for key, title, group in _groups(annual, say, together=columns > 2):
        panels = [panel for name in group for panel in panels_of(annual, name, say, reached)]
        figure, note = small_multiples(panels, observations, style, say, columns=columns)
        made.append(Drawing(key, title, note, _levels(panels, say), figure))
    if variance is not None and names:
        first = min(policy_from(annual) - 1, year)
        figure, note = shares(
            variance, presentation_of(annual.attrs).among(variance["outcome"].values.tolist()), first, say
        )
        text = note.replace("\n", " ")
        made.append(Drawing("uncertainty", say("What makes the baseline uncertain"), note, text, figure))
    if annual.sizes["scenario"] > 1 and names:
        figure, note = differences(annual, names, style, say, columns=2 if columns < 3 else 4)
        title = say("Difference from the baseline in {year}", year=year)
        made.append(Drawing("differences", title, note, _changes(annual, names, say), figure))
        if ranks is not None:
            figure, note = slopes(ranks, list(style), names, style, say, year=year)
            title = say("Ranks of the scenarios in {year}", year=year)
            made.append(Drawing("ranks", title, note, ranks_in_words(ranks, names, year, say), figure))
    fitted = fit(annual, observations, say)
    if fitted is not None:
        text = say(
            "Residuals of the central member by series and year: modelled less observed, in standard deviations."
        )
        made.append(Drawing("fit", say("How the central member meets the data"), fitted[1], text, fitted[0]))
    return made


def _groups(annual: "xr.Dataset", say: Words, *, together: bool) -> list[tuple[str, str, list[str]]]:
    """(key, title, outcomes) of the small multiples; `together`: groups of scalar outcomes in one."""
    year = int(annual["year"].values[-1])
    main = say("Main outcomes to {year}", year=year)
    named = {say.label(title): names for title, names in presentation_of(annual.attrs).headline.items()}
    shown = {title: [name for name in names if name in annual.data_vars] for title, names in named.items()}
    if not any(shown.values()):
        over = [str(name) for name, values in annual.data_vars.items() if dimension_of(values)]
        shown = {main: headline(annual), **{say.outcome(name).label: [name] for name in over}}
    plain: list[tuple[str, str, list[str]]] = []
    apart: list[tuple[str, str, list[str]]] = []
    for place, (title, names) in enumerate(shown.items(), 1):
        wide = next((name for name in names if dimension_of(annual[name])), None)
        if wide is not None:
            apart.append((wide, title, names))
        elif names:
            plain.append((f"outcomes-{place}", title, names))
    if together and plain:
        plain = [("outcomes", main, [name for *_, names in plain for name in names])]
    return plain + apart


def _medians(values: NDArray[np.float64], members: NDArray[np.int64]) -> NDArray[np.float64]:
    """Medians over the draws of values (scenario, member)."""
    medians: NDArray[np.float64] = quantiles(draws(values, members, 1), 1)[2]
    return medians


def _levels(panels: Sequence[Panel], say: Words) -> str:
    """The levels of the last year in words: what a reader who cannot see the figure would ask for."""
    sentences = []
    for panel in panels:
        last = panel.values.isel(year=-1)
        medians = _medians(last.values, last["member"].values)
        parts = [
            f"{say.case(str(scenario))} {level_text(float(value), panel.outcome)}"
            for scenario, value in zip(last["scenario"].values, medians, strict=True)
        ]
        facts = {"outcome": panel.full_title, "unit": panel.outcome.unit, "year": int(last["year"])}
        sentences.append(say("{outcome} ({unit}) in {year}: {levels}.", **facts, levels=say.listed(parts)))
    return say.sentences(sentences)


def _changes(annual: "xr.Dataset", names: Sequence[str], say: Words) -> str:
    last = annual.isel(year=-1)
    sentences = [say("Medians of the differences from the baseline in {year}.", year=int(last["year"]))]
    for name in names:
        outcome = say.outcome(name, str(last[name].attrs.get("units", "")))
        values = last[name].transpose("scenario", "member").values
        medians = _medians(change(values[1:], values[0], outcome), last["member"].values)
        parts = [
            f"{say.case(str(scenario))} {signed(float(median), outcome)}"
            for scenario, median in zip(last["scenario"].values[1:], medians, strict=True)
        ]
        sentences.append(say("{outcome}: {values}.", outcome=outcome.label, values=say.listed(parts)))
    return say.sentences(sentences)
