"""What carries the bands, as tables: by input, and by sector and source."""

from typing import TYPE_CHECKING

import numpy as np

from pujiang.engine.system import System
from pujiang.experiment.beliefs import Beliefs

if TYPE_CHECKING:
    import pandas as pd

INPUTS, CURVATURE, MODEL = "inputs ahead", "curvature and interaction", "errors of the model"
"""What carries a band beside parameters: what is left to chance, what no line shows, what the equations leave out."""


LEAST = 1e-4
"""Inputs with a smaller share of a band are left out: hundreds of them carry nothing."""


def believed_table(found: Beliefs, system: System) -> "pd.DataFrame":
    """A row an outcome, element, year and input: `kind` (parameter, chance), `sector`, `share`, its `error`, `change`.

    Inputs with a share under `LEAST` are left out.
    """
    import pandas as pd

    rows, columns = np.nonzero(found.shares >= LEAST)
    names, elements, years = _outputs(found)
    inputs = np.array(found.inputs, dtype=object)[columns]
    return pd.DataFrame(
        {
            "outcome": names[rows],
            "element": elements[rows],
            "year": years[rows],
            "input": inputs,
            "kind": np.where(found.chance[columns], "chance", "parameter"),
            "sector": [system.sector_of[str(name).partition(".")[0]] for name in inputs],
            "share": found.shares[rows, columns],
            "error": found.errors[rows, columns],
            "change": found.changes[rows, columns],
        }
    )


def bands_table(found: Beliefs, system: System) -> "pd.DataFrame":
    """A row an outcome, element, year and `part`: a sector's parameters, inputs ahead, curvature, errors of the model.

    Shares add up to 1; an outcome that does not vary has none.
    """
    import pandas as pd

    sectors = [system.sector_of[str(name).partition(".")[0]] for name in found.inputs]
    part_of = np.array([INPUTS if chance else sector for sector, chance in zip(sectors, found.chance, strict=True)])
    parts = {part: found.shares[:, part_of == part].sum(axis=1) for part in dict.fromkeys(part_of.tolist())}
    parts[CURVATURE] = (1 - found.explained) * (1 - found.model)
    parts[MODEL] = found.model
    names, elements, years = _outputs(found)
    tables = [
        pd.DataFrame({"outcome": names, "element": elements, "year": years, "part": part, "share": shares})
        for part, shares in parts.items()
    ]
    whole: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return whole[whole["share"] > 0].reset_index(drop=True)


SHIPPED_LEAST = 0.005
"""Inputs and sectors with a smaller share are not shipped."""


def shipped_rows(found: Beliefs, system: System) -> list[tuple[str, str, str, str]]:
    """The file of shares (COLUMNS of experiment.band_shares) of the main outcomes in the last year."""
    parts, inputs = bands_table(found, system), believed_table(found, system)
    inputs = inputs[inputs["share"] >= SHIPPED_LEAST].sort_values("share", ascending=False, kind="stable")
    rows = []
    main = system.presentation.among(parts["outcome"])
    for scalar in (scalar for name in main for scalar in system.scalar_names(name)):
        name, _, element = scalar.partition(".")
        own, mine = (
            made[(made["outcome"] == name) & (made["element"] == element) & (made["year"] == max(found.years))]
            for made in (parts, inputs)
        )
        for row in own.to_dict("records"):
            kind = "part" if row["part"] in (INPUTS, CURVATURE, MODEL) else "sector"
            if kind == "part" or row["share"] >= SHIPPED_LEAST:
                rows.append((scalar, kind, row["part"], f"{row['share']:.4f}"))
        rows += [(scalar, row["kind"], row["input"], f"{row['share']:.4f}") for row in mine.to_dict("records")]
    return rows


def _outputs(found: Beliefs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcome, element and year of each output."""
    scalars = np.repeat(np.array(found.outcomes, dtype=object), len(found.years))
    names, _, elements = zip(*(str(scalar).partition(".") for scalar in scalars), strict=True)
    return np.array(names, dtype=object), np.array(elements, dtype=object), np.tile(found.years, len(found.outcomes))
