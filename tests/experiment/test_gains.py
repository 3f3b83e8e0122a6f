"""Is a gain what comes back, told as it is, and held against what a loop is called?"""

import math

import pytest

from pujiang.api.model import Model
from pujiang.experiment.explanation.loops import contradicts
from pujiang.experiment.gains import PUSH, _share_back, gain_text


@pytest.mark.parametrize("gain", [0.5, 0.01, -0.3, -3.0])
def test_what_comes_round_again_and_again_adds_up_to_the_gain(gain: float) -> None:
    """Once round the cause moves by `gain` of what was added, then by `gain` of that: 1 / (1 - gain) in all."""
    base, moved = 100.0, 100.0
    for _ in range(10_000):
        moved += 0.1 * (base + gain * (PUSH * moved - base) - moved)
    assert _share_back(base, moved) == pytest.approx(gain, rel=1e-6)


def test_a_balance_that_takes_back_more_than_was_added_is_no_reinforcement() -> None:
    assert _share_back(100.0, 98.0) == -math.inf
    assert _share_back(-100.0, -98.0) == -math.inf
    assert math.isnan(_share_back(0.0, 0.0))
    assert contradicts("reinforcing", -math.inf)
    assert not contradicts("balancing", -math.inf)


@pytest.mark.parametrize(
    ("gain", "said"),
    [(0.0123, "+1.2 %"), (-1.94, "−194 %"), (1e-9, "0 %"), (math.nan, "–"), (-math.inf, "all back")],
)
def test_gains_are_told_in_plain_numbers(gain: float, said: str) -> None:
    assert gain_text(gain) == said


def test_self_financed_transfer_balances_where_a_programme_pays_for_proofs(model: Model) -> None:
    """Ready results are short then, and not money: docs/loops.md says so."""
    gains = model.loops("closed_loop_finance")["gain"].sel(loop="transfer_self_financing", start=2030)
    assert float(gains.sel(case="baseline")) > 0 > float(gains.sel(case="closed_loop_finance"))
