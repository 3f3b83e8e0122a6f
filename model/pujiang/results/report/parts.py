"""A part of a run for a report: some of its scenarios, beside the baseline."""

from typing import TYPE_CHECKING

from pujiang.errors import InputError, nearest
from pujiang.experiment.scenario import BASELINE
from pujiang.labelled import Tree

if TYPE_CHECKING:
    import xarray as xr


def part_of(tree: "Tree | xr.DataTree", selector: str) -> "Tree | xr.DataTree":
    """The tree with the baseline and the scenarios a selector names, with commas between; all of it if empty.

    Raises:
        InputError: for a scenario there is not, or a part of a sweep.
    """
    if not selector:
        return tree
    if tree.attrs.get("kind") == "sweep":
        raise InputError(f"report: '{selector}' is a part of a sweep; a report takes the whole sweep")
    known = tree["annual"].to_dataset()["scenario"].values.tolist()
    wanted = [selector] if selector in known else [word.strip() for word in selector.split(",") if word.strip()]
    for word in wanted:
        if word not in known:
            raise InputError(
                f"report: no scenario '{word}' in this run; it has {', '.join(known)}{nearest(word, known)}"
            )
    kept = list(dict.fromkeys([BASELINE.name, *wanted]))
    if isinstance(tree, Tree):
        parts = {n: p.sel(scenario=kept) if "scenario" in p.dims else p for n, p in tree.children.items()}
        return Tree(parts, tree.attrs)
    import xarray as xr

    out = xr.DataTree(dataset=tree.to_dataset())
    for name, child in tree.children.items():
        part = child.to_dataset()
        out[name] = xr.DataTree(dataset=part.sel(scenario=kept) if "scenario" in part.dims else part)
    return out
