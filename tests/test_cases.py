"""Do the equations of the model give the numbers worked out by hand in tests/cases?"""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

FOLDER = Path(__file__).parent / "cases"
KEYS = {"equation", "arguments", "value", "why"}


def cases() -> list[Any]:
    """Every case with the sector its file is named after."""
    return [
        pytest.param(path.stem, case, id=f"{path.stem}-{case.get('equation')}-{i}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for i, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")))
    ]


def quantity(value: Any) -> Any:
    """A list, the elements of a dimension, as an array; what is called and not computed with as it is."""
    return np.array(value, dtype=float) if isinstance(value, list) else value


@pytest.mark.parametrize(("sector", "case"), cases())
def test_an_equation_gives_the_number_worked_by_hand(sector: str, case: dict[str, Any]) -> None:
    assert case.keys() == KEYS
    assert str(case["why"]).strip()
    module = importlib.import_module(f"pujiang.shanghai.sectors.{sector}")
    equation = getattr(module, case["equation"]).equation
    arguments = {name: quantity(value) for name, value in case["arguments"].items()}
    found = np.asarray(equation(**arguments), dtype=float)
    wanted = np.asarray(case["value"], dtype=float)
    assert found.shape == wanted.shape
    assert np.allclose(found, wanted, rtol=1e-9, atol=1e-15), f"{found} is not {wanted}: {case['why']}"


def test_there_are_cases() -> None:
    assert cases()
