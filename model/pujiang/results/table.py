"""The table a run ends with: outcomes by scenario, plan goals and their probability, the certificate."""

import io
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from pujiang.results.outcomes import GOALS, TABLE, number, scenario_label, shown_as, signed
from pujiang.results.summary import ENOUGH, change, draws, goal_shares, quantiles

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100
SCENARIOS_A_BLOCK = 5
SHOWN_FAILURES = 6


def run_table(
    tree: xr.DataTree,
    *,
    certificate: Mapping[str, Any],
    run: Path | None = None,
    ensemble_note: str = "",
    year: int | None = None,
    terminal: bool = False,
) -> str:
    """The end-of-run table as text, at most 100 columns wide; with colours where `terminal`.

    Levels are medians of the ensemble's draws; differences are medians of the differences, draw by draw.
    `ensemble_note` says what kind of ensemble it is, for example "approximate (normal around the fit)".
    `year`: the last one by default.
    """
    from rich.console import Console

    annual = tree["annual"].to_dataset()
    shown = int(annual["year"].values[-1]) if year is None else year
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns) if terminal else WIDTH
    text = io.StringIO()
    console = Console(
        file=text,
        width=max(width, 60),
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        highlight=False,
        emoji=False,
    )
    _failure(console, certificate)
    _outcomes(console, annual, shown)
    _goals(console, annual, ensemble_note)
    _certificate(console, certificate)
    if run is not None:
        console.print(f"Files: {run}", soft_wrap=True, markup=False)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _outcomes(console: "Console", annual: xr.Dataset, year: int) -> None:
    from rich.table import Table

    names = [name for name in TABLE if name in annual.data_vars]
    scenarios = [str(name) for name in annual["scenario"].values]
    members = annual["member"].values
    drawn = int((members != 0).sum())
    if drawn:
        head = f"medians of {drawn:,} members. Below: 5–95 % band; difference from baseline, member by member"
    else:
        head = "one member, no ensemble. Below: difference from baseline"
    console.print(f"{year}: {head}", style="bold")
    others = scenarios[1:]
    for start in range(0, max(len(others), 1), SCENARIOS_A_BLOCK):
        block = others[start : start + SCENARIOS_A_BLOCK]
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
        table.add_column("", vertical="top", no_wrap=True)
        table.add_column(scenario_label(scenarios[0]), justify="right", vertical="bottom", no_wrap=True)
        for scenario in block:
            table.add_column(scenario_label(scenario), justify="right", vertical="bottom", max_width=11)
        for name in names:
            values = annual[name].sel(year=year).transpose("scenario", "member").values
            rows = dict(zip(scenarios, values, strict=True))
            table.add_row(*_cells(name, annual[name], [rows[s] for s in (scenarios[0], *block)], members))
        console.print(table)
    missing = sum(int((~np.isfinite(annual[name].sel(year=year).values)).sum()) for name in names)
    if missing:
        console.print(f"{missing:,} values are not finite and are left out of the above.", style="bold red")
    console.print()


def _cells(name: str, array: xr.DataArray, rows: Sequence[NDArray[np.float64]], members: NDArray[Any]) -> list[str]:
    """A table row: label and unit, baseline and band, then level and difference of each other scenario."""
    outcome = shown_as(name, str(array.attrs.get("units", "")))
    low, _, median, _, high = quantiles(draws(rows[0], members, 0), 0)
    band = f"{number(low, outcome)}–{number(high, outcome)}" if np.isfinite(low) else ""
    cells = [f"{outcome.short}\n  {outcome.unit}", f"{number(median, outcome)}\n{band}"]
    for row in rows[1:]:
        level = quantiles(draws(row, members, 0), 0)[2]
        median = quantiles(draws(change(row, rows[0], outcome), members, 0), 0)[2]
        cells.append(f"{number(level, outcome)}\n{signed(median, outcome)}")
    return cells


def _goals(console: "Console", annual: xr.Dataset, note: str) -> None:
    from rich.table import Table

    goals = [goal for goal in GOALS if goal.outcome in annual.data_vars and goal.year in annual["year"].values]
    if not goals:
        return
    drawn = int((annual["member"].values != 0).sum())
    if 0 < drawn < ENOUGH:
        few = f"Plan goals: reached by the central member or not (a probability needs at least {ENOUGH} members)"
        console.print(few, style="bold")
        annual, drawn = annual.sel(member=[0]), 0
    elif drawn:
        kind = f" (ensemble: {note})" if note else ""
        console.print(f"Plan goals: share of {drawn:,} members that reach them{kind}", style="bold")
    else:
        console.print("Plan goals: reached or not (one member: no probability)", style="bold")
    scenarios = [str(name) for name in annual["scenario"].values]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("")
    for goal in goals:
        table.add_column(f"{goal.year}: {goal.text}", justify="right", max_width=30)
    shares = [goal_shares(annual, goal) for goal in goals]
    for s, scenario in enumerate(scenarios):
        table.add_row(scenario_label(scenario), *(_share(share[s], drawn) for share in shares))
    console.print(table)
    console.print()


def _share(share: float, drawn: int) -> str:
    if not drawn:
        return "yes" if share == 1 else "no"
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


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
