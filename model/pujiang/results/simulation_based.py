"""The record of simulation-based calibration: every rank, groups and quantities, worlds, and the ranks drawn."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pujiang.experiment.simulation_based import DRAWS, INNER, Rank, Replica, Uniformity
from pujiang.results.calibration import write_rows
from pujiang.results.figures.style import GREY, PALETTE, heading, panel_grid, save_svg, styled

BINS = 10


def write_posterior_check(partial: Path, replicas: Sequence[Replica], groups: Sequence[Uniformity]) -> None:
    """ranks.csv (a row a truth), groups.csv, quantities.csv (by quantity, with the probability of ranks as uneven),
    worlds.csv, and figures/ranks.svg."""
    ranks = [rank for each in replicas for rank in each.ranks]
    write_rows(
        partial / "ranks.csv",
        ("world", "kind", "name", "year", "rank", "draws", "spread_left"),
        (
            (r.replica, r.kind, r.name, r.year or "", r.rank, DRAWS, "" if r.left is None else f"{r.left:.3f}")
            for r in ranks
        ),
    )
    write_rows(
        partial / "groups.csv",
        ("group", "count", "coverage_90", "coverage_error", "mean_rank", "mean_error", "passed"),
        (
            (
                g.group,
                g.count,
                *(f"{x:.4f}" for x in (g.coverage, g.coverage_error, g.mean, g.mean_error)),
                int(g.passed),
            )
            for g in groups
        ),
    )
    write_rows(
        partial / "worlds.csv",
        ("world", "converged", "effective_share", "refused"),
        ((each.number, int(each.converged), f"{each.effective_share:.4f}", each.refused) for each in replicas),
    )
    by_quantity: dict[tuple[str, str, int | None], list[Rank]] = {}
    for rank in ranks:
        by_quantity.setdefault((rank.kind, rank.name, rank.year), []).append(rank)
    write_rows(
        partial / "quantities.csv",
        ("kind", "name", "year", "count", "coverage_90", "mean_rank", "probability"),
        ((kind, name, year or "", *_uneven(own)) for (kind, name, year), own in by_quantity.items()),
    )
    _draw(partial / "figures", ranks, groups)


def _uneven(ranks: Sequence[Rank]) -> tuple[object, ...]:
    from scipy.stats import kstest

    shares = [(rank.rank + 0.5) / (DRAWS + 1) for rank in ranks]
    inside = np.mean([INNER[0] <= rank.rank <= INNER[1] for rank in ranks])
    return len(ranks), f"{inside:.3f}", f"{np.mean(shares):.3f}", f"{kstest(shares, 'uniform').pvalue:.4f}"


def _draw(folder: Path, ranks: Sequence[Rank], groups: Sequence[Uniformity]) -> None:
    """A panel a kind: how many truths have each rank, beside what is even."""
    kinds = list(dict.fromkeys(rank.kind for rank in ranks))
    title = "Where truths lie among the draws"
    with styled("en"):
        figure, panels = panel_grid(len(kinds), 4, width=2.0, height=1.4, margins=(0.5, 0.15, 0.4, 0.36))
        for axes, kind in zip(panels, kinds, strict=True):
            own = [rank.rank for rank in ranks if rank.kind == kind]
            counts, edges = np.histogram(own, bins=BINS, range=(0, DRAWS + 1))
            axes.bar(edges[:-1], counts, width=np.diff(edges), align="edge", color=PALETTE[0], edgecolor="white")
            axes.axhline(len(own) / BINS, color=GREY, linestyle=":")
            axes.set_title(f"{kind}s")
            axes.set_xlabel("rank", color=GREY)
        note = "Level: as it should be. Heaped in the middle: draws too wide; at both ends: too narrow;\n"
        heading(figure, title, note + "at one end: draws lie to one side. Dotted: what is even.")
        folder.mkdir(parents=True, exist_ok=True)
        listed = ", ".join(f"{each.group}: {each.coverage:.0%}" for each in groups)
        save_svg(figure, folder / "ranks.svg", title, f"Truths in the 90 % interval: {listed}.")
