"""Do models of other tools run as their equations say, and is what is not read refused by name?"""

from pathlib import Path

import numpy as np
import pytest

from pujiang.engine.batch import Floats
from pujiang.errors import InputError
from pujiang.exchange.read import read
from tests.exchange.running import MakeModel, run

MODELS = Path(__file__).parent / "models"
ANGLES = {"ARCSIN": np.arcsin, "ARCCOS": np.arccos, "ARCTAN": np.arctan, "SINH": np.sinh, "COSH": np.cosh}
ANGLES |= {"TANH": np.tanh}


def test_a_run_is_that_of_the_file() -> None:
    model = read(MODELS / "teacup.mdl")
    assert (model.grid.start, model.grid.steps, model.grid.dt, model.method) == (0, 240, 0.125, "euler")
    assert model.every == 8


def test_numbers_of_the_file_are_parameters_and_stocks_keep_their_flows() -> None:
    system = read(MODELS / "teacup.mdl").system
    assert system.parameter_names == ("room_temperature", "characteristic_time")
    assert system.flow_ends["heat_loss_to_room"].out_of == "teacup_temperature"
    assert system.variables["teacup_temperature"].unit == "Degrees"
    assert system.variables["heat_loss_to_room"].doc == "Cooling, by Newton's law."
    warmer = run(read(MODELS / "teacup.mdl"), room_temperature=90.0)["teacup_temperature"]
    assert warmer[-1] > 90


def test_an_epidemic_in_arrays_runs_by_the_method_its_file_names() -> None:
    """Against the same equations written out here, by the classical Runge-Kutta method."""
    model = read(MODELS / "epidemic.xmile")
    assert model.method == "rk4"
    found = run(model)

    def slope(y: Floats) -> Floats:
        susceptible, infectious = y[:2], y[2:4]
        caution = np.interp(infectious.sum(), [0, 100, 200, 300], [1, 0.7, 0.5, 0.4])
        infection, recovery = 0.4 * caution * susceptible * infectious.sum() / 990, infectious / 7
        return np.concatenate([-infection, infection - recovery, recovery])

    y, h = np.array([490.0, 490, 10, 0, 0, 0]), 1 / 8
    for step in range(model.grid.steps + 1):
        assert found["infectious_old"][step] == pytest.approx(y[3], rel=1e-10)
        a = slope(y)
        b = slope(y + h / 2 * a)
        c = slope(y + h / 2 * b)
        y = y + h / 6 * (a + 2 * b + 2 * c + slope(y + h * c))


def test_delays_smooths_and_trends_are_those_of_the_field(vensim: MakeModel) -> None:
    found = run(
        vensim(
            "x = 10 + STEP(5, 3)",
            "late = DELAY FIXED(x, 2, 1)",
            "slow = SMOOTH3I(x, 3, 4)",
            "moved = DELAY1(x, 4)",
            "growth = TREND(x, 4, 0)",
            "at first = INITIAL(x * 2)",
        )
    )
    assert found["x"][:8].tolist() == [10] * 6 + [15] * 2
    assert found["late"][:12].tolist() == [1] * 4 + [10] * 6 + [15] * 2
    assert (found["at_first"] == 20).all()
    level, smooth, average = 40.0, np.full(3, 4.0), 10.0
    for step, x in enumerate(found["x"]):
        assert found["moved"][step] == pytest.approx(level / 4, rel=1e-12)
        assert found["slow"][step] == pytest.approx(smooth[2], rel=1e-12)
        assert found["growth"][step] == pytest.approx((x - average) / (4 * average), rel=1e-12)
        level += 0.5 * (x - level / 4)
        smooth = smooth + 0.5 * (np.array([x, *smooth[:2]]) - smooth)
        average += 0.5 * (x - average) / 4


def test_arrays_of_two_dimensions_subranges_and_exceptions(vensim: MakeModel) -> None:
    model = vensim(
        "crop : wheat, rice, maize",
        "wet : rice, maize",
        "place : north, south",
        "share[crop] = 1, 2, 3",
        "yield[crop, place] :EXCEPT: [wheat, north] = share[crop] * weight[place]",
        "yield[wheat, north] = 100",
        "weight[place] = 10, 20",
        "wet yield[place] = SUM(yield[wet!, place])",
        "best = VMAX(yield[crop!, place!])",
    )
    found = run(model)
    assert "yield_wheat_north" in model.system.parameter_names
    assert model.names["yield", ("rice", "south")] == "yield_rice_south"
    assert found["wet_yield_north"][0] == 2 * 10 + 3 * 10
    assert found["wet_yield_south"][0] == 2 * 20 + 3 * 20
    assert found["best"][0] == 100


def test_numbers_from_another_file(vensim: MakeModel, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("time,rain\n0,4\n10,6\n15,1\n", encoding="utf-8")
    found = run(
        vensim(
            "rain:INTERPOLATE::= GET DIRECT DATA('data.csv', ',', 'A', 'B2')",
            "weather:HOLD BACKWARD::= GET DIRECT DATA('data.csv', ',', 'A', 'B2')",
            "first = GET DIRECT CONSTANTS('data.csv', ',', 'B2')",
            "wet = rain - first",
        )
    )
    times = np.arange(41) / 2
    assert found["rain"] == pytest.approx(np.interp(times, [0, 10, 15], [4, 6, 1]))
    assert found["wet"] == pytest.approx(found["rain"] - 4)
    assert found["weather"][[0, 19, 20, 29, 30, 40]].tolist() == [4, 4, 6, 6, 1, 1]


def test_data_of_another_run_stand_in_a_table_beside_the_model(vensim: MakeModel, tmp_path: Path) -> None:
    (tmp_path / "data.tab").write_text("Time\train[a]\train[b]\n0\t4\t1\n10\t6\t\n20\t1\t3\n", encoding="utf-8")
    equations = ["place : a, b", "rain[place]:INTERPOLATE:", "held[place]:HOLD BACKWARD:", "wet = SUM(rain[place!])"]
    found = run(vensim(*equations[:2], equations[3]))
    times = np.arange(41) / 2
    assert found["rain_a"] == pytest.approx(np.interp(times, [0, 10, 20], [4, 6, 1]))
    assert found["wet"] == pytest.approx(found["rain_a"] + 1 + times / 10)
    with pytest.raises(InputError, match=r"small.mdl:10: held: data.tab has no column 'held\[a\]'"):
        vensim(*equations[:3])
    (tmp_path / "data.tab").unlink()
    with pytest.raises(InputError, match="without a table of them, small"):
        vensim(*equations[:2])


def test_a_range_may_stand_in_another_file(vensim: MakeModel, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("name,north,south\nrain,4,6\n", encoding="utf-8")
    found = run(
        vensim(
            "place : GET DIRECT SUBSCRIPT('names.csv', ',', 'B1', 'C1', '')",
            "rain[place] = 1, 2",
            "x = rain[south] * 3",
        )
    )
    assert found["x"][0] == 6
    with pytest.raises(InputError, match="none"):
        vensim("place : GET DIRECT SUBSCRIPT('none.csv', ',', 'B1', 'C1', '')")


def test_what_counts_at_the_opening_counts_there_alone(vensim: MakeModel) -> None:
    found = run(
        vensim(
            "births = ACTIVE INITIAL(people * rate, 3)",
            "rate = 2",
            "twice = births * 2",
            "people = INTEG(births, twice)",
        )
    )
    assert found["people"][:2].tolist() == [6, 6 + 0.5 * 12]
    assert found["births"][0] == 12
    assert found["twice"][0] == 24


def test_brackets_of_a_power_are_kept(vensim: MakeModel) -> None:
    found = run(vensim("a = -2 ^ 2", "b = (-2) ^ 2", "c = 2 ^ -1 ^ 3", "d = 3 - (-2)^2"))
    assert [found[name][0] for name in "abcd"] == [-4, 4, 0.5, -1]


def test_macros_are_written_out_where_they_are_called(vensim: MakeModel) -> None:
    model = vensim(
        ":MACRO: GROWN(start, rate)\nGROWN = INTEG(change, start)\n\t~\t\n\t~\t\t|\n"
        "change = TWICE(rate) / 2\n\t~\t\n\t~\t\t|\n:END OF MACRO:\n"
        ":MACRO: TWICE(x)\nTWICE = x * 2\n\t~\t\n\t~\t\t|\n:END OF MACRO:\nrate = 3",
        "place : north, south",
        "first[place] = 10, 20",
        "up[place] = GROWN(first[place], rate) + 1",
        "down = GROWN(5, -rate)",
    )
    found, times = run(model), np.arange(41) / 2
    assert found["up_north"] == pytest.approx(11 + 3 * times)
    assert found["up_south"] == pytest.approx(21 + 3 * times)
    assert found["down"] == pytest.approx(5 - 3 * times)


def test_arrays_of_numbers_in_any_layout(vensim: MakeModel) -> None:
    found = run(
        vensim(
            "row : a, b, c",
            "column : p, q",
            "tabbed[row, column] = TABBED ARRAY(\n1\t2\n3\t4\n5\t6)",
            "lined[row, column] = 1, 2; 3, 4; 5, 6;",
            "same[row, column] = tabbed[row, column] - lined[row, column]",
            "known = IF THEN ELSE(late = :NA:, 0, 1)",
            "late = IF THEN ELSE(Time > 5, :NA:, Time)",
        )
    )
    assert all((found[f"same_{row}_{column}"] == 0).all() for row in "abc" for column in "pq")
    assert found["known"].tolist() == [1] * 11 + [0] * 30


def test_angles_are_those_of_mathematics(vensim: MakeModel) -> None:
    found = run(vensim(*(f"x{i} = {name}((Time - 10) / 10)" for i, name in enumerate(ANGLES))))
    at = (np.arange(41) / 2 - 10) / 10
    for i, name in enumerate(ANGLES):
        assert found[f"x{i}"] == pytest.approx(ANGLES[name](at), rel=1e-12, abs=1e-15), name


@pytest.mark.parametrize(
    ("equation", "named"),
    [
        ("x = RANDOM UNIFORM(0, 1, 3)", "the function RANDOM UNIFORM is not read"),
        ("x = nowhere + 1", "'nowhere', which nothing here is called, is not read"),
        ("x = GET DIRECT DATA('none.csv', ',', 'A', 'B2')", "'none.csv', ,: "),
        ("x = DELAY FIXED(Time, Time + Time, y)\n\t~\t\n\t~\t\t|\n\ny = INTEG(Time * y, x)", "a fixed delay"),
    ],
)
def test_what_is_not_read_is_refused_in_one_line(vensim: MakeModel, equation: str, named: str) -> None:
    with pytest.raises(InputError) as caught:
        vensim(equation)
    (line,) = str(caught.value).splitlines()
    assert named in line
    assert "small.mdl:2: x: " in line


def test_what_no_grammar_knows_is_refused_with_its_line(vensim: MakeModel) -> None:
    with pytest.raises(InputError, match=r"small.mdl:6: .* 4. is not read"):
        vensim("y = 1", "x = 3 $$ 4")


def test_what_the_parser_passes_over_is_refused(tmp_path: Path) -> None:
    text = (MODELS / "epidemic.xmile").read_text(encoding="utf-8")
    path = tmp_path / "conveyor.xmile"
    path.write_text(text.replace("<eqn>490</eqn>", "<eqn>490</eqn><conveyor><len>2</len></conveyor>"), encoding="utf-8")
    with pytest.raises(InputError, match=r"conveyor.xmile:8: <conveyor> is not read"):
        read(path)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read(tmp_path / "none.mdl")
    with pytest.raises(InputError, match=r"no format that can be read goes by '\.txt'"):
        read(tmp_path / "none.txt")


def test_bounds_and_priors_stand_in_a_file_beside_the_model(tmp_path: Path) -> None:
    path = tmp_path / "teacup.mdl"
    path.write_text((MODELS / "teacup.mdl").read_text(encoding="utf-8"), encoding="utf-8")
    beside = path.with_suffix(".yaml")
    beside.write_text(
        "characteristic_time: {bounds: [5, 20], prior: {lognormal: [9, 0.3]}}\nroom_temperature: {bounds: [60, 80]}\n",
        encoding="utf-8",
    )
    found = read(path).system.parameters
    assert found["characteristic_time"].bounds == (5.0, 20.0)
    assert found["characteristic_time"].prior.center == 9.0
    assert found["characteristic_time"].value == 10.0
    assert found["room_temperature"].prior is None
    beside.write_text("characteristic_tine: {bounds: [5, 20]}", encoding="utf-8")
    with pytest.raises(
        InputError, match="there is no parameter 'characteristic_tine'; did you mean 'characteristic_time'"
    ):
        read(path)
    beside.write_text("characteristic_time: {bounds: [20, 5]}", encoding="utf-8")
    with pytest.raises(InputError, match=r"characteristic_time.bounds: found \[20, 5\]; allowed: \[lower, upper\]"):
        read(path)
