"""Pujiang: system-dynamics scenarios of Shanghai's high-tech economy.

`pujiang.run(scenario="fifteenth_plan")` runs a scenario beside the baseline; `pujiang.open("runs/latest")`
reads a run. The names below are loaded when they are first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pujiang.api import calibrate, configure, run, save, simulate
    from pujiang.describe import describe
    from pujiang.exchange.read import read
    from pujiang.experiment.model import load_model
    from pujiang.results.compare import compare
    from pujiang.results.run_folder import open
    from pujiang.studies import sensitivity, sweep

    __version__: str

__all__ = [
    "__version__",
    "calibrate",
    "compare",
    "configure",
    "describe",
    "load_model",
    "open",
    "read",
    "run",
    "save",
    "sensitivity",
    "simulate",
    "sweep",
]

_HOME = {
    "compare": "pujiang.results.compare",
    "describe": "pujiang.describe",
    "load_model": "pujiang.experiment.model",
    "open": "pujiang.results.run_folder",
    "read": "pujiang.exchange.read",
    "sensitivity": "pujiang.studies",
    "sweep": "pujiang.studies",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("pujiang")
        except PackageNotFoundError:  # run from the source tree
            return "0+source"
    if name in __all__:
        return getattr(import_module(_HOME.get(name, "pujiang.api")), name)
    raise AttributeError(f"module 'pujiang' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
