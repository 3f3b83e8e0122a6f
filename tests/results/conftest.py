"""Made-up runs for the tests of results."""

import sys
from collections.abc import Callable
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import xarray as xr


def _load_synthetic() -> ModuleType:
    spec = util.spec_from_file_location("results_synthetic", Path(__file__).with_name("synthetic.py"))
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def synthetic() -> ModuleType:
    """The module of made-up trees, observations and certificates."""
    return _load_synthetic()


@pytest.fixture(scope="session")
def tree(synthetic: ModuleType) -> xr.DataTree:
    """Two scenarios, twenty draws."""
    made: xr.DataTree = synthetic.make_tree()
    return made


@pytest.fixture
def write(synthetic: ModuleType, tree: xr.DataTree, tmp_path: Path) -> Callable[..., Path]:
    """Write a run below tmp_path / "runs"; keywords replace what is written."""

    def write_run(**changes: Any) -> Path:
        settings: dict[str, Any] = {
            "tree": tree,
            "folder": tmp_path / "runs",
            "config_yaml": "scenario: fifteenth_plan\n",
            "certificate": synthetic.CERTIFICATE,
            "facts": {"model_hash": "m", "data_hash": "d", "fit": "shipped", "seed": 1, "argv": ["run"]},
            "figures": False,
            "log_lines": ["started"],
            **changes,
        }
        made: Path = synthetic.write_run(settings.pop("tree"), **settings)
        return made

    return write_run
