"""Do the notebooks run from top to bottom, with plots, and is each the same as the text beside it?

`make notebooks` writes the .ipynb anew from the .py, with what its cells give.
"""

import json
import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

TEXTS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.py"))


def cells_of_text(path: Path) -> list[tuple[str, str]]:
    """(kind, source) of each cell of a text in percent format."""
    parts = re.split(r"^# %%(.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not re.sub(r"^# ---\n.*?^# ---\n", "", parts[0], flags=re.MULTILINE | re.DOTALL).strip()
    cells = []
    for mark, source in zip(parts[1::2], parts[2::2], strict=True):
        if "[markdown]" in mark:
            cells.append(("markdown", re.sub(r"^# ?", "", source.strip(), flags=re.MULTILINE)))
        else:
            cells.append(("code", source.strip()))
    return cells


def notebook_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8"))
    return found


def cells_of_notebook(path: Path) -> list[tuple[str, str]]:
    return [(cell["cell_type"], "".join(cell["source"]).strip()) for cell in notebook_of(path)["cells"]]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_draws(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    mpl.use("agg")
    plt.close("all")
    names: dict[str, Any] = {"__name__": "__main__"}
    for kind, source in cells_of_notebook(path):
        if kind == "code":
            exec(compile(source, str(path), "exec"), names)
    assert plt.get_fignums(), "no plot"
    plt.close("all")
    assert "error" not in capsys.readouterr().err.lower()


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_notebook_is_the_text_beside_it(path: Path) -> None:
    assert cells_of_notebook(path) == cells_of_text(path), "make notebooks"


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_notebook_opens_anywhere_and_shows_what_it_gave(path: Path) -> None:
    found = notebook_of(path)
    assert (found["nbformat"], found["metadata"]["kernelspec"]["name"]) == (4, "python3")
    outputs = [output for cell in found["cells"] for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert [output for output in outputs if "image/png" in output.get("data", {})], (
        "a page of the repository shows none"
    )
    assert path.with_suffix(".ipynb").stat().st_size < 500_000


def test_there_are_notebooks() -> None:
    assert len(TEXTS) >= 3
