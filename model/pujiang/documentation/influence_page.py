"""The parameters that matter most, and what would settle each."""

from collections.abc import Sequence

from pujiang.documentation.markdown import NOTE, paragraph, table
from pujiang.engine.system import System
from pujiang.experiment.influence import Influence

SHOWN = 15
"""How many are shown."""


def influence_page(system: System, found: Sequence[Influence], year: int) -> str:
    """The page: the most influential parameters, how they are known and what would tell more."""
    return (
        "\n\n".join(
            [
                "# What the results hang on",
                NOTE,
                paragraph(
                    f"The {min(SHOWN, len(found))} most influential of {len(found)} uncertain parameters. Each is "
                    "moved up by the standard deviation that the fit has left it, and the others as they go with it. "
                    f"**moves** is the root mean square of the changes of the headline outcomes of {year}; **most** "
                    "the outcome moved most. The last column says how the number is known and "
                    "what figure would settle it."
                ),
                table(
                    ("parameter", "moves", "most", "known as", "reason, and what would settle it"),
                    [_row(system, influence) for influence in found[:SHOWN]],
                    right=("moves",),
                ),
            ]
        )
        + "\n"
    )


def _row(system: System, found: Influence) -> tuple[str, ...]:
    basis = system.parameters[found.parameter.partition(".")[0]].basis
    most = f"`{found.outcome}` {100 * found.change:+.1f} %".replace("-", "−")
    return f"`{found.parameter}`", f"{100 * found.size:.1f} %", most, basis.kind, basis.reason
