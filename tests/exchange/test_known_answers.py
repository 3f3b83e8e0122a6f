"""Do small models of known answer, in the formats of other tools, do what their equations say on paper?"""

from pathlib import Path

import numpy as np
import pytest

from pujiang.engine.batch import Floats
from pujiang.exchange.read import read
from tests.exchange.running import run

MODELS = Path(__file__).parent / "models"


def ran(name: str, **parameters: float) -> tuple[Floats, dict[str, Floats]]:
    """Times, and every quantity at them."""
    model = read(MODELS / name)
    return model.grid.times, run(model, **parameters)


def steps(name: str, quantity: str, *times: float) -> list[float]:
    """A quantity at some times."""
    at, found = ran(name)
    return [float(found[quantity][np.flatnonzero(at == time)[0]]) for time in times]


def test_a_cup_of_tea_cools_as_newton_says() -> None:
    """By Euler's method the distance from the room's temperature shrinks by the same part in every step."""
    times, found = ran("teacup.mdl")
    assert found["teacup_temperature"] == pytest.approx(70 + 110 * (1 - 0.125 / 10) ** (times / 0.125), rel=1e-12)


def test_an_infection_ends_where_the_final_size_equation_says() -> None:
    """dI/dS = -1 + N / (R S): what a susceptible and the ill are together follows from it at any time."""
    _, found = ran("infection.xmile")
    reproduction = 0.3 * 8
    susceptible, infectious = found["susceptible"], found["infectious"]
    assert susceptible + infectious + found["recovered"] == pytest.approx(1000, rel=1e-13)
    expected = 1000 - susceptible + 1000 / reproduction * np.log(susceptible / 990)
    assert infectious == pytest.approx(expected, abs=1e-4)
    assert susceptible[np.argmax(infectious)] == pytest.approx(1000 / reproduction, rel=0.02)
    # Nobody is ill at the end: S = 990 exp(-R (1000 - S) / 1000), solved by repetition.
    end = 100.0
    for _ in range(200):
        end = 990 * np.exp(-reproduction * (1000 - end) / 1000)
    assert ran("infection.xmile", contact_rate=0.3)[1]["susceptible"][-1] == pytest.approx(end, abs=0.5)


def test_predator_and_prey_go_round_on_a_closed_curve() -> None:
    times, found = ran("predator_prey.mdl")
    hares, lynxes = found["hares"], found["lynxes"]
    constant = 0.1 * 0.1 * hares - 0.9 * np.log(hares) + 0.1 * lynxes - np.log(lynxes)
    assert constant == pytest.approx(constant[0], rel=1e-7)
    # A small circle around (90, 10) takes 2 pi / sqrt(1 * 0.9) years.
    up = np.flatnonzero((hares[:-1] < 90) & (hares[1:] >= 90))
    crossed = times[up] + (90 - hares[up]) / (hares[up + 1] - hares[up]) * (times[1] - times[0])
    assert np.diff(crossed) == pytest.approx(2 * np.pi / np.sqrt(0.9), rel=5e-3)


def test_an_innovation_spreads_as_bass_says() -> None:
    times, found = ran("diffusion.xmile")
    decay = np.exp(-(0.03 + 0.4) * times)
    assert found["adopters"] == pytest.approx(5000 * (1 - decay) / (1 + 0.4 / 0.03 * decay), rel=1e-7)
    assert found["adopters"] + found["potential_adopters"] == pytest.approx(5000, rel=1e-13)


def test_who_is_in_a_stage_of_an_ageing_chain_follows_erlang() -> None:
    times, found = ran("ageing_chain.mdl")
    x = times / 20
    for stage, expected in {"young": 1, "middle": x, "old": x**2 / 2}.items():
        assert found[f"people_{stage}"] == pytest.approx(600 * expected * np.exp(-x), abs=1e-6)
    assert found["all_people"] == pytest.approx(600 * (1 + x + x**2 / 2) * np.exp(-x), abs=1e-6)


def test_a_bathtub_drains_by_its_table() -> None:
    """Piecewise linear: dw/dt = 4 - w / 5 up to 10 litres, then 4 - 2 - 0.8 (w - 10), and 10 - 6 above 15."""
    times, found = ran("bathtub.xmile")
    full = 5 * np.log(2)
    low, high = 20 * (1 - np.exp(-times / 5)), 10 + 2.5 * (1 - np.exp(-0.8 * (times - full)))
    early = times < 10
    assert found["water"][early] == pytest.approx(np.where(times < full, low, high)[early], abs=1e-4)
    # The last stage of the step before, a sixth of it, sees the second tap already, as in the tools of the field.
    at_ten = 10 + 2.5 * (1 - np.exp(-0.8 * (10 - full))) + 6 / 64 / 6
    # From 10 minutes on 8 - 0.8 (w - 10) flow in, net, until 15 litres are there; then 4, for ever.
    late = 10 + np.log((10 - (at_ten - 10)) / 5) / 0.8
    after = times > late
    assert found["water"][after] == pytest.approx(15 + 4 * (times[after] - late), abs=1e-3)
    assert found["drain"][-1] == 6


def test_pulses_come_when_they_are_due() -> None:
    """Vensim's are heights for a time; XMILE's are volumes that enter in one step."""
    at = (1.75, 2, 2.75, 3, 6, 6.75, 7, 10, 11, 14)
    assert steps("pulse_train.mdl", "on", *at) == [0, 1, 1, 0, 1, 1, 0, 1, 0, 0]
    assert steps("pulse_train.mdl", "cut_off", 2, 2.75, 6, 6.25) == [1, 1, 1, 0]
    assert steps("pulse_train.mdl", "single", 2.75, 3, 4.75, 5) == [0, 1, 1, 0]
    assert steps("pulse_train.mdl", "stored", 2, 3, 5, 7, 11, 16) == [10, 16, 12, 18, 24, 24]
    assert steps("pulses.xmile", "delivery", 0.75, 1, 1.25, 6, 6.25, 11) == [0, 32, 0, 32, 0, 32]
    assert steps("pulses.xmile", "stored", 1, 1.25, 6, 6.25, 12) == [0, 8, 8, 16, 24]
    assert steps("pulses.xmile", "given_once", 4, 4.25, 12) == [2, 5, 5]


def test_a_fixed_delay_gives_back_what_came_in() -> None:
    times, found = ran("pipeline.xmile")
    orders = found["orders"]
    assert orders == pytest.approx(10 + 5 * (times >= 3) - np.maximum(times - 8, 0))
    assert found["arrivals"].tolist() == [*[10.0] * 4, *orders[:-4]]
    # Under way is what was ordered in the last two months.
    known = np.concatenate([np.full(4, 10.0), orders])
    assert found["under_way"] == pytest.approx([0.5 * known[i : i + 4].sum() for i in range(len(orders))])
