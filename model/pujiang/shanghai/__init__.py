"""Shanghai's high-tech economy: all that is about the city. `PROJECT` is the whole of it, put together when asked for,
so that one part can be had without the sectors.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pujiang.shanghai.whole import PROJECT as PROJECT


def __getattr__(name: str) -> Any:
    if name == "PROJECT":
        from pujiang.shanghai import whole

        return whole.PROJECT
    raise AttributeError(f"module 'pujiang.shanghai' has no attribute '{name}'")
