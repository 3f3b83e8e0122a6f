"""Do the notebooks run from top to bottom, in a folder of their own?"""

import runpy
from pathlib import Path

import matplotlib as mpl
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.py"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(notebook, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    mpl.use("agg")
    cells = runpy.run_path(str(notebook))
    assert "pujiang" in cells
    assert "error" not in capsys.readouterr().err.lower()


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS
