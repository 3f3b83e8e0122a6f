"""The table a run ends with: outcomes by scenario, plan goals and their probability, the certificate."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.labelled import Dataset, Tree
from pujiang.presentation import OVERALL, Goal, Outcome, Presentation, presentation_of
from pujiang.results.levels import error_of, levels
from pujiang.results.outcomes import level_text, scenario_label, signed
from pujiang.results.run_folder import scenario_titles
from pujiang.results.summary import (
    ENOUGH,
    change,
    draws,
    ensemble_size,
    goal_shares,
    goals_within,
    headline,
    in_percent,
    policy_from,
    quantiles,
)
from pujiang.results.text_tables import TABLE_WIDTH, console, grid, print_in_blocks, text_of
from pujiang.results.track_record import short

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Console
    from rich.table import Table

SHOWN_FAILURES = 6


def run_table(
    tree: "Tree | xr.DataTree",
    *,
    certificate: Mapping[str, Any],
    run: Path | None = None,
    ensemble_note: str = "",
    year: int | None = None,
    width: int = TABLE_WIDTH,
    terminal: bool = False,
) -> str:
    """The end-of-run table as text, at most `width` columns wide; with colours where `terminal`.

    Levels are medians of the ensemble's draws, errors of the model included; differences are medians of the
    differences, draw by draw, which these errors have in common. "Hindcast": how each outcome was foretold.
    `ensemble_note` says what kind of ensemble it is, for example "approximate (normal around the fit)".
    `year`: the last one by default.
    """
    annual = tree["annual"].to_dataset()
    page = console(width, colour=terminal)
    _failure(page, certificate)
    for name, title in scenario_titles(str(tree.attrs.get("config", ""))).items():
        page.print(f"{scenario_label(name)}: {title}", markup=False)
    if tree.attrs.get("fit_note"):
        page.print(str(tree.attrs["fit_note"]), style="bold red", markup=False)
    reached = levels(annual, error_of(tree))
    _outcomes(page, annual, reached, int(annual["year"].values[-1]) if year is None else year)
    _goals(page, reached, ensemble_note)
    _certificate(page, certificate)
    if run is not None:
        page.print(f"Files: {run}", soft_wrap=True, markup=False)
    return text_of(page)


def _outcomes(console: "Console", annual: Any, reached: Dataset, year: int) -> None:
    names, size = headline(annual), ensemble_size(annual["member"].values)
    first, *others = (str(name) for name in annual["scenario"].values)
    if size:
        head = f"medians of {size:,} members. Below: 5–95 % band; difference from baseline, member by member"
    else:
        head = "the central member, no ensemble. Below: difference from baseline"
    console.print(f"{year}: {head}", style="bold")

    shown = presentation_of(annual.attrs)

    def table(block: Sequence[str]) -> "Table":
        scenarios = [first, *block]
        # Once is enough: further blocks have other scenarios.
        first_block = list(block) == others[: len(block)]
        recorded = bool(size) and first_block and any(name in shown.records for name in names)
        made = grid("", [*map(scenario_label, scenarios), *(["Hindcast"] if recorded else [])], 10)
        made.columns[1].max_width = None  # its band stays on one line
        for name in names:
            model, levels = (
                source[name].sel(year=year, scenario=scenarios).transpose("scenario", "member").values
                for source in (annual, reached)
            )
            outcome = shown.outcome(name, str(annual[name].attrs.get("units", "")))
            cells = _cells(outcome, model, levels, annual["member"].values)
            made.add_row(*cells, *([short(shown.records.get(name)).replace(", ", "\n")] if recorded else []))
        return made

    print_in_blocks(console, others, table)
    if size and OVERALL in shown.records:
        console.print(
            f"Hindcast: share of what came that the 80 % band held, and skill: {_overall(shown)}", markup=False
        )
    missing = sum(int((~np.isfinite(annual[name].sel(year=year).values)).sum()) for name in names)
    if missing:
        console.print(f"{missing:,} values are not finite and are left out of the above.", style="bold red")
    console.print()


def _cells(
    outcome: Outcome, rows: NDArray[np.float64], levels: NDArray[np.float64], members: NDArray[Any]
) -> list[str]:
    """A table row: label and unit, baseline and band, then level and difference of each other scenario.

    `rows` (scenario, member) are those of the model; `levels` carry its errors.
    """
    low, _, median, _, high = quantiles(draws(levels[0], members, 0), 0)
    band = f"{level_text(low, outcome)}–{level_text(high, outcome)}" if np.isfinite(low) else ""
    cells = [f"{outcome.short}\n  {outcome.unit}", f"{level_text(median, outcome)}\n{band}"]
    for row, reached in zip(rows[1:], levels[1:], strict=True):
        level = quantiles(draws(reached, members, 0), 0)[2]
        median = quantiles(draws(change(row, rows[0], outcome), members, 0), 0)[2]
        cells.append(f"{level_text(level, outcome)}\n{signed(median, outcome)}")
    return cells


def _overall(shown: Presentation) -> str:
    return f"1 - CRPS over that of the best naive forecast; all series: {short(shown.records[OVERALL])}."


def _goals(console: "Console", annual: Any, note: str) -> None:
    named = presentation_of(annual.attrs).goals
    goals = goals_within(annual, named)
    if not goals:
        return
    size = ensemble_size(annual["member"].values)
    if 0 < size < ENOUGH:
        few = f"Plan goals: reached by the central member or not (a probability needs at least {ENOUGH} members)"
        console.print(few, style="bold")
        annual, size = annual.sel(member=[0]), 0
    elif size:
        kind = f" (ensemble: {note})" if note else ""
        error = "± Monte Carlo error"
        console.print(f"Plan goals: share of {size:,} members that reach them, {error}{kind}", style="bold")
    else:
        console.print("Plan goals: reached or not (one member: no probability)", style="bold")
    scenarios = [str(name) for name in annual["scenario"].values]
    shares = {goal: dict(zip(scenarios, goal_shares(annual, goal), strict=True)) for goal in goals}

    def rows(made: "Table", some: Sequence[Goal], shown: Sequence[str]) -> "Table":
        for goal in some:
            row = (shares[goal][name] for name in shown)
            cells = (in_percent(share, size) if size else "yes" if share == 1 else "no" for share in row)
            made.add_row(f"{goal.year}: {goal.text}", *cells)
        return made

    def table(block: Sequence[str]) -> "Table":
        shown = [scenarios[0], *block]
        return rows(grid("", list(map(scenario_label, shown)), 10), ahead, shown)

    # Before scenarios part they agree: one column says it for all.
    alike = [goal for goal in goals if goal.year < policy_from(annual)] if scenarios[1:] else []
    ahead = [goal for goal in goals if goal not in alike]
    if alike:
        console.print(rows(grid("", ["All scenarios"], 10), alike, scenarios[:1]))
    if ahead:
        print_in_blocks(console, scenarios[1:], table)
    beyond = "; ".join(f"{goal.text} ({goal.year})" for goal in named if not goal.modelled)
    if beyond:
        console.print(f"Goals no outcome answers to: {beyond}", markup=False)
    console.print()


def _failure(console: "Console", certificate: Mapping[str, Any]) -> None:
    if certificate.get("passed"):
        return
    console.print("THIS RUN FAILED ITS CERTIFICATE: do not use its numbers.", style="bold red")
    failures = [str(line) for line in certificate.get("failures", ())]
    for line in failures[:SHOWN_FAILURES]:
        console.print(f"  {line}", style="red", markup=False)
    if len(failures) > SHOWN_FAILURES:
        console.print(f"  and {len(failures) - SHOWN_FAILURES} more, in certificate.json", style="red")
    console.print()


def _certificate(console: "Console", certificate: Mapping[str, Any]) -> None:
    if not certificate.get("passed"):
        console.print("Certificate: FAILED, see the top.", style="bold red")
        return
    parts = []
    halving = certificate.get("step_halving", {})
    worst = max(halving, key=lambda name: _worst(halving[name]), default=None)
    if worst is not None:
        parts.append(f"step error at most {_worst(halving[worst]):.1e} ({worst})")
    residuals = [abs(float(value)) for value in certificate.get("conservation", {}).values()]
    if residuals:
        parts.append(f"conservation within {max(residuals):.1e}")
    parts += [
        f"{len(certificate[key])} {words}"
        for key, words in (("bounds_touched", "bounds touched"), ("tables_left", "tables left"))
        if certificate.get(key)
    ]
    console.print("; ".join(["Certificate: passed", *parts]), markup=False)


def _worst(entry: Any) -> float:
    return max(float(value) for value in entry.values()) if isinstance(entry, Mapping) else float(entry)
