"""Does the page of public test models tell what matches from what does not?"""

import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks import conformance

MODELS = Path(__file__).parent / "models"


def table(path: Path, warmer: float = 0.0, more: str = "") -> None:
    """What a cup of tea does, every minute."""
    times = np.arange(31)
    cup = 70 + 110 * (1 - 0.125 / 10) ** (8 * times) + warmer
    heads = ["Time", "Teacup Temperature", "SAVEPER", *([more] if more else [])]
    rows = [
        [f"{t}", f"{value:.6g}", "1" if t == 0 else "", *(["1"] if more else [])]
        for t, value in zip(times, cup, strict=True)
    ]
    path.write_text("\n".join("\t".join(row) for row in [heads, *rows]) + "\n", encoding="utf-8")


def test_every_model_has_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("right", "wrong", "more", "none", "refused"):
        (tmp_path / name).mkdir()
        shutil.copy(MODELS / "teacup.mdl", tmp_path / name)
    table(tmp_path / "right" / "output.tab")
    table(tmp_path / "wrong" / "output.tab", warmer=5)
    table(tmp_path / "more" / "output.tab", more="Saucer Temperature")
    table(tmp_path / "refused" / "output.tab")
    model = tmp_path / "refused" / "teacup.mdl"
    model.write_text(model.read_text().replace("70", "RANDOM UNIFORM(69, 71, 1)"), encoding="utf-8")
    conformance.main(str(tmp_path))
    page = capsys.readouterr().out
    assert "| Vensim | 4 | 1 | 0 | 1 | 1 | 1 | 1 |" in page
    assert [line for line in page.splitlines() if line.endswith(" |") and "teacup.mdl" in line] == [
        "| more/teacup.mdl | yes | yes | partly | not in the model: Saucer Temperature |",
        "| none/teacup.mdl | yes | yes | no table |  |",
        "| refused/teacup.mdl | no | no | no | 8: Room Temperature: the function RANDOM UNIFORM is not read |",
        "| right/teacup.mdl | yes | yes | yes |  |",
        "| wrong/teacup.mdl | yes | yes | no | Teacup Temperature: up to 5 |",
    ]
