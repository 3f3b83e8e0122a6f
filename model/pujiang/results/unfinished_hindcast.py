"""A hindcast on its way: the vintages finished so far, so that one that was interrupted goes on."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pujiang.experiment.calibrate import Problem
from pujiang.experiment.hindcast import Vintage
from pujiang.experiment.hindcasts import Store
from pujiang.reading import damaged, read_bytes, read_json
from pujiang.results.record import UNFINISHED, to_json
from pujiang.results.unfinished_calibration import put

CUTOFFS = "cutoffs.json"


def can_be_resumed(partial: Path) -> bool:
    """Whether a vintage is finished."""
    return any((partial / UNFINISHED).glob("vintage_*.npz"))


def keep_cutoffs(partial: Path, cutoffs: Sequence[int]) -> None:
    """Keep which vintages there shall be."""
    put(partial, CUTOFFS, to_json({"cutoffs": list(cutoffs)}).encode())


def read_cutoffs(partial: Path) -> tuple[int, ...]:
    """The vintages there shall be.

    Raises:
        InputError: for a damaged file.
    """
    file = partial / UNFINISHED / CUTOFFS
    content = read_json(file)
    with damaged(f"'{file}' is damaged"):
        return tuple(int(year) for year in content["cutoffs"])


@dataclass(frozen=True)
class FolderStore(Store):
    """Vintages kept in a folder under construction."""

    partial: Path

    def keep(self, made: Vintage, wide: bool) -> None:
        """Keep a finished vintage."""
        text = io.BytesIO()
        facts = np.array([made.cost, made.converged, made.effective_share])
        np.savez(text, draws=made.draws, misfits=made.misfits, facts=facts)
        put(self.partial, _name(made.cutoff, wide), text.getvalue())

    def read(self, cutoff: int, wide: bool, task: Problem) -> Vintage | None:
        """A vintage that was finished before; None where it was not.

        Raises:
            InputError: where the file is damaged, or belongs to another model or other data.
        """
        return _read(self.partial / UNFINISHED / _name(cutoff, wide), cutoff, task)


def _read(file: Path, cutoff: int, task: Problem) -> Vintage | None:
    if not file.is_file():
        return None
    with damaged(f"'{file}' is damaged"), np.load(io.BytesIO(read_bytes(file)), allow_pickle=False) as kept:
        draws, misfits, (cost, converged, share) = kept["draws"], kept["misfits"], kept["facts"].tolist()
        if not np.allclose(task.misfits(draws[:, :8]), misfits[:, :8], rtol=1e-9):
            raise ValueError("it belongs to another model or other data; start the hindcast anew")
        return Vintage(cutoff, draws, misfits, cost, bool(converged), share)


def _name(cutoff: int, wide: bool) -> str:
    return f"vintage_{cutoff}{'_widened' if wide else ''}.npz"
