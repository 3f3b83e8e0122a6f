"""Pujiang: system-dynamics models, their scenarios, and how sure one may be of them.

`pujiang.run(scenario="fifteenth_plan")` runs a scenario beside the baseline; `pujiang.open("runs/latest")`
reads a run. The names below are loaded when they are first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pujiang.api.functions import (
        calibrate,
        check,
        compare,
        configure,
        describe,
        explain,
        export,
        hindcast,
        load_model,
        loops,
        outcomes,
        page,
        read,
        report,
        run,
        save,
        sensitivity,
        simulate,
        sweep,
    )
    from pujiang.api.model import Model
    from pujiang.project import Project
    from pujiang.results.run_folder import open

    __version__: str

__all__ = [
    "Model",
    "Project",
    "__version__",
    "calibrate",
    "check",
    "compare",
    "configure",
    "describe",
    "explain",
    "export",
    "hindcast",
    "load_model",
    "loops",
    "open",
    "outcomes",
    "page",
    "read",
    "report",
    "run",
    "save",
    "sensitivity",
    "simulate",
    "sweep",
]

_HOME = {"Model": "pujiang.api.model", "Project": "pujiang.project", "open": "pujiang.results.run_folder"}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("pujiang")
        except PackageNotFoundError:  # run from the source tree
            return "0+source"
    if name in __all__:
        return getattr(import_module(_HOME.get(name, "pujiang.api.functions")), name)
    raise AttributeError(f"module 'pujiang' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
