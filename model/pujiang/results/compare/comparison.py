"""Compare runs: differences, goals, ranks and regret by outcome and year, and what differs in the inputs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.errors import InputError
from pujiang.labelled import dataset_in_xarray
from pujiang.presentation import presentation_of
from pujiang.results.columns import Columns
from pujiang.results.compare import cases as cases_of_runs
from pujiang.results.compare import inputs
from pujiang.results.compare.aligned import align, alike, once, stacked
from pujiang.results.compare.cases import Run
from pujiang.results.compare.differences import difference_columns
from pujiang.results.compare.goals import at_goal_year, goal_columns
from pujiang.results.compare.notes import Note, notes_of
from pujiang.results.compare.ranks import rank_columns
from pujiang.results.summary import policy_from

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of a comparison as plain columns: `Comparison` says what is in which."""

    inputs: Columns
    table: Columns
    goals: Columns
    goals_by_year: Columns
    ranks: Columns
    regret: Columns


@dataclass(frozen=True)
class Comparison:
    """What `compare` finds. All tables are pandas DataFrames, a row an outcome, element, case and year or less.

    Attributes:
        reference: the case differences are from; the first of `cases`.
        cases: scenarios of runs, and points of sweeps.
        shared_members: whether each member is compared with itself. Without that, differences are of medians
            and central members, and bands, probabilities of ranks, and regret are not known.
        notes: what a reader must know first; different models or data in the first. As text a line each.
        values: the outcomes as they are compared, in our own arrays.
        annual: the same as xarray's, (case, member, year[, element]); where members are not
            shared, equal numbers are not equal draws.
        reached: the same with the errors of the model, as levels carry them.
        tables: the tables below as plain columns; they are made DataFrames when they are asked for.
        inputs: what differs in the inputs, in words: case (or run), input, as the reference has it, here.
        table: level, difference, percent, with unit, central, median, q05, q25, q75, q95.
        goals: a row a goal and case, for the goal's year: probability (share of the draws that reach it),
            reached_by_central, members; met_in (the first year by which half of the draws have), met_in_central.
        goals_by_year: see `goals.goal_numbers`.
        ranks: see `ranks.rank_numbers`; from the year on in which scenarios part.
        regret: see `ranks.regret_numbers`; the same years, outcomes with a better direction.
        failed: whether a run failed its certificate.
    """

    reference: str
    cases: tuple[str, ...]
    shared_members: bool
    notes: tuple[Note, ...]
    values: Any = field(repr=False)
    reached: Any = field(repr=False)
    tables: Tables = field(repr=False)
    failed: bool

    @property
    def years(self) -> list[int]:
        """The years that are compared."""
        years: list[int] = self.values["year"].values.tolist()
        return years

    def scalars(self, year: int) -> dict[tuple[Any, ...], dict[str, Any]]:
        """The rows of `table` on scalar outcomes in a year, by outcome, case and measure."""
        return _scalars(self.tables.table, year)

    @cached_property
    def annual(self) -> "xr.Dataset":
        """The outcomes that are compared, as xarray's."""
        return dataset_in_xarray(self.values)

    @cached_property
    def levels(self) -> "xr.Dataset":
        """`reached`, as xarray's."""
        return dataset_in_xarray(self.reached)

    @cached_property
    def inputs(self) -> "pd.DataFrame":
        """What differs in the inputs."""
        return self.tables.inputs.frame()

    @cached_property
    def table(self) -> "pd.DataFrame":
        """Levels and differences."""
        return self.tables.table.frame()

    @cached_property
    def goals(self) -> "pd.DataFrame":
        """Goals in their years."""
        return self.tables.goals.frame().astype(MET_IN)

    @cached_property
    def goals_by_year(self) -> "pd.DataFrame":
        """Goals in every year."""
        return self.tables.goals_by_year.frame().astype(MET_IN)

    @cached_property
    def ranks(self) -> "pd.DataFrame":
        """Ranks, and how often they hold."""
        return self.tables.ranks.frame()

    @cached_property
    def regret(self) -> "pd.DataFrame":
        """Losses against the best case."""
        return self.tables.regret.frame()


@lru_cache(maxsize=4)
def _scalars(table: Columns, year: int) -> dict[tuple[Any, ...], dict[str, Any]]:
    return table.where(year=year, element="").by("outcome", "case", "measure")


MET_IN = {"met_in": "Int64", "met_in_central": "Int64"}
"""Years that may be missing, as pandas has them."""


def compare(
    *runs: Run,
    baseline: "Run | None" = None,
    outcomes: Sequence[str] | None = None,
    folder: Path = Path("runs"),
    models: inputs.Models = MappingProxyType({}),
) -> Comparison:
    """Compare scenarios of runs, and points of sweeps, with one of them.

    Args:
        runs: folders, ids, "latest", each also with a selector after a colon: scenarios and axis values with
            commas between ("runs/A:exit_drought", "runs/S:fifteenth_plan,exit_window=0.4"); trees from
            `pujiang.run`, `sweep` or `open`; pairs of a tree and a selector.
        baseline: the case differences are from (default: "baseline" of the first run): a run with a selector;
            or a run, whose only scenario besides "baseline" is meant, or "baseline" where it has none or several.
        outcomes: those to compare, as "gdp" or "industry_output.ic" (default: all the runs have in common).
        folder: where ids are looked for.
        models: by its hash, the levers of a model that made runs; without it, where its levers rest is not told.

    Where the ensembles are the same draws, each member is compared with itself; where they are not, the first
    note says so. A baseline that all runs share is one case.

    Raises:
        InputError: for a run, scenario, axis value or outcome that does not exist, or nothing in common.
    """
    if not runs:
        raise InputError("compare needs at least one run: a folder, an id, or 'latest'")
    sources, picked = cases_of_runs.pick(runs, baseline, folder)
    reason, one_baseline = alike(sources)
    cases = once(sources, picked, one_baseline=one_baseline)
    used = [source for place, source in enumerate(sources) if any(case.source == place for case in cases)]
    aligned = align(cases, outcomes, shared=reason is None)
    notes = notes_of(used, aligned, reason)
    plain = sources[cases[0].source].plain
    shown = presentation_of(plain.attrs)
    values = stacked([case.annual for case in aligned.cases], aligned.labels, shown.attributes())
    reached = values
    if any(case.error is not None for case in cases):
        reached = stacked([case.reached for case in aligned.cases], aligned.labels, shown.attributes())
    goals = goal_columns(aligned, shown.goals)
    ranks, regrets = rank_columns(aligned, policy_from(plain), shown)
    rows = np.array(inputs.input_rows(sources, cases, models), dtype=object).reshape(-1, len(inputs.INPUT_COLUMNS))
    return Comparison(
        reference=cases[0].label,
        cases=tuple(aligned.labels),
        shared_members=aligned.shared,
        notes=notes,
        values=values,
        reached=reached,
        tables=Tables(
            inputs=Columns(dict(zip(inputs.INPUT_COLUMNS, rows.T, strict=True))),
            table=difference_columns(aligned),
            goals=at_goal_year(goals),
            goals_by_year=goals,
            ranks=ranks,
            regret=regrets,
        ),
        failed=any(note.kind == "failed" for note in notes),
    )
