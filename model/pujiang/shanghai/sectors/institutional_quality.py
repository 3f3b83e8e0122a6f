"""How fast do institutions learn from their own reforms: the adaptive momentum?

Quality moves, with years of learning, to a goal that ownership reform, an open listing window, strong centers
and policy effort raise. Better institutions reform sooner, see more firms born, keep more talent and let output
grow faster (R10). No figure measures it: sizes are assumed and small, and what the past brought is already
in the residual growth of output.
"""

from pujiang.basis import assumed
from pujiang.declare import auxiliary, flow, lever, parameter, stock
from pujiang.primitives import minimum
from pujiang.priors import lognormal, normal
from pujiang.reported import reported

institutional_effort = lever(
    "1",
    "Policy effort on the business environment: rise of the quality institutions aim at.",
    default=0.0,
    bounds=(-0.2, 0.3),
    why="Institutions learn over years; better ones see more firms born, reform sooner, keep more talent and let "
    "output grow faster (R10). All sizes are assumed.",
    shown_at=0.05,
    basis=assumed("yearly action plans for the business environment"),
)

reform_quality_gain = parameter(
    lognormal(0.20, 0.35),
    "1",
    "Rise of the goal when researchers own all results.",
    bounds=(0.0, 0.6),
    basis=assumed("the largest of the three gains; surveys of the business environment would tell"),
)
exit_quality_gain = parameter(
    lognormal(0.08, 0.35),
    "1",
    "Rise of the goal when the listing window is fully open.",
    bounds=(0.0, 0.3),
    basis=assumed("small beside that of the reform; surveys of the business environment would tell"),
)
center_quality_gain = parameter(
    0.1,
    "1",
    "Rise of the goal for a unit of capability that the other centers gain on average.",
    bounds=(0.0, 0.4),
    basis=assumed("centers of trade and finance bring the rules of others with them"),
)
institutional_learning_time = parameter(
    lognormal(3.0, 0.3),
    "year",
    "Time in which institutions learn.",
    bounds=(1.0, 8.0),
    basis=assumed("institutions change over years; repeated surveys would tell"),
)
institution_output_gain = parameter(
    normal(0.08, 0.04),
    "1",
    "Logarithm of the rest of output for a unit of institutional quality.",
    bounds=(0.0, 0.25),
    basis=assumed("a level, not a rate for ever"),
)

institutional_quality = stock(
    "1",
    "Quality of institutions relative to 2015.",
    initial=1,
    reported=reported("end", "Institutional quality, 2015 = 1", short="Institutional quality"),
)


@auxiliary("1")
def institutional_goal(
    reform_quality_gain,
    ownership_coverage,
    exit_quality_gain,
    realised_exit_window,
    center_quality_gain,
    mean_center_capability,
    institutional_effort,
):
    """Quality institutions can reach under present reform, exits, centers and effort."""
    return (
        1
        + (
            reform_quality_gain * ownership_coverage
            + exit_quality_gain * minimum(realised_exit_window, 1)
            + center_quality_gain * (mean_center_capability - 1)
        )
        + institutional_effort
    )


@flow("1/year", into=institutional_quality)
def institutional_learning(institutional_goal, institutional_quality, institutional_learning_time):
    """Institutions learn (or forget)."""
    return (institutional_goal - institutional_quality) / institutional_learning_time


@auxiliary("1/year")
def institutional_effect_on_growth(institution_output_gain, institutional_learning):
    """Growth of the rest of output as institutions get better."""
    return institution_output_gain * institutional_learning


@auxiliary("1/year")
def output_growth_effect(institutional_effect_on_growth, digital_effect_on_growth):
    """Growth of output from 2025 on that institutions and digital adoption add to its own residual rate."""
    return institutional_effect_on_growth + digital_effect_on_growth
