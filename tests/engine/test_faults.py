"""Is every fault of a model found before step one, all of them at once, each with the file and what would be right?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from pujiang.declare import (
    assumed,
    auxiliary,
    constant,
    dimension,
    flow,
    initial,
    lever,
    lognormal,
    normal,
    parameter,
    ratio,
    reported,
    seen,
    series,
    stock,
    table,
    unit,
)
from pujiang.engine.system import build
from pujiang.primitives import accumulate, delay3, element, exp, fixed_delay, minimum, only, smooth, spread, total

UNITS = (
    unit("firm", "Firm."),
    unit("person", "Person."),
)

Faults = Callable[..., list[str]]

place = dimension("place", ("north", "south"), "Places.")
colour = dimension("colour", ("red", "blue", "green"), "Colours.")


class base:
    a = parameter(0.5, "1/year", "A rate.", basis=assumed("test"))
    lag = parameter(2.0, "year", "A lag.", basis=assumed("test"))
    fixed_lag = constant(1.0, "year", "A lag.", basis=assumed("test"))
    firms = stock(unit="firm", doc="Firms.", initial=1)
    local = stock(unit="firm", doc="Firms by place.", over=place, initial=1)

    @auxiliary("firm/year")
    def births(a, firms):
        """Births."""
        return a * firms

    @flow("firm/year", into=firms)
    def entry(births):
        """Entry."""
        return births

    @flow("firm/year", into=local, over=place)
    def local_entry(a, local):
        """Entry by place."""
        return a * local


def test_the_base_is_a_good_model() -> None:
    system = build([base], UNITS)
    assert list(system.variables) == ["firms", "local", "births", "entry", "local_entry"]
    assert system.variables["births"].causes == ("a", "firms")
    assert system.variables["firms"].causes == ("entry",)
    assert system.effects("births") == ("entry",)
    assert system.scalar_names("local") == ("local.north", "local.south")


class unknown_name:
    @auxiliary("1/year")
    def f(aa):
        """Doc."""
        return aa


class doubled_name:
    a = parameter(0.5, "1/year", "A rate.", basis=assumed("test"))


class second_name:
    one = parameter(1.0, "1", "Doc.", basis=assumed("test"))
    other = one


class word_of_the_engine:
    time = parameter(1.0, "1", "Doc.", basis=assumed("test"))


class name_of_a_dimension:
    place = parameter(1.0, "1", "Doc.", basis=assumed("test"))


class taken_companion:
    tax = lever("1", "Doc.", default=None, bounds=(0, 1), basis=assumed("test"))
    tax_set = parameter(1.0, "1", "Doc.", basis=assumed("test"))


class companion_of_a_lever_with_default:
    tax = lever("1", "Doc.", default=0.5, bounds=(0, 1), basis=assumed("test"))

    @auxiliary("1")
    def f(tax_set):
        """Doc."""
        return tax_set


class open_unit:
    @auxiliary("firm")
    def f(a, firms):
        """Doc."""
        return a * firms


class joined_units:
    @auxiliary("firm")
    def f(a, firms):
        """Doc."""
        return firms + a


class unreadable_unit:
    f = parameter(1.0, "furlong", "Doc.", basis=assumed("test"))


class unreadable_table:
    f = table("furlong", ((0, 0), (1, 1)), "Doc.", of="fortnight", basis=assumed("test"))


class unordered_table:
    f = table("1", ((0, 0), (2, 1), (1, 1)), "Doc.", basis=assumed("test"))


class table_without_a_value:
    f = table("1", ((0, 0), (1, math.nan), (2, 1)), "Doc.", basis=assumed("test"))


class table_without_an_end:
    f = table("1", ((0, 0), (math.inf, 1)), "Doc.", basis=assumed("test"))


class mixed_dimensions:
    hue = parameter({"red": 1.0, "blue": 1.0, "green": 1.0}, "firm", "Doc.", over=colour, basis=assumed("test"))

    @auxiliary("firm", over=place)
    def f(local, hue):
        """Doc."""
        return local + hue


class wrong_dimension:
    @auxiliary("firm")
    def f(local):
        """Doc."""
        return local


class wrong_sum:
    @auxiliary("firm")
    def f(local):
        """Doc."""
        return total(local, colour)


class wrong_spread:
    @auxiliary("firm", over=place)
    def f(local):
        """Doc."""
        return spread(local, local, place)


class unknown_element:
    @auxiliary("firm")
    def f(local):
        """Doc."""
        return element(local, place, "nroth")


class element_of_a_scalar:
    @auxiliary("firm")
    def f(firms):
        """Doc."""
        return element(firms, place, "north")


class vector_for_one_element:
    @auxiliary("firm", over=place)
    def f(local):
        """Doc."""
        return only(local, place, "north")


class endless_flow:
    @flow("firm/year")
    def f(births):
        """Doc."""
        return births


class lost_flow:
    @flow("firm/year", into="frims")
    def f(births):
        """Doc."""
        return births


class flow_into_another_model:
    @flow("firm/year", into=stock(unit="firm", doc="Nobody's."))
    def f(births):
        """Doc."""
        return births


class flow_of_another_unit:
    @flow("1/year", into="firms")
    def f(a):
        """Doc."""
        return a


class flow_without_reduction:
    @flow("firm/year", out_of="local", into="firms", over=place)
    def f(a, local):
        """Doc."""
        return a * local


class scalar_flow_into_places:
    @flow("firm/year", into="local")
    def f(births):
        """Doc."""
        return births


class mixed_families:
    jars = stock(unit="firm", doc="Doc.", initial=0, conserved="jars")

    @flow("firm/year", out_of="firms", into=jars)
    def f(births):
        """Doc."""
        return births


class startless_stock:
    s = stock(unit="firm", doc="Doc.")


class twice_started_stock:
    s = stock(unit="firm", doc="Doc.", initial=0)

    @initial(s)
    def start_of_s(firms):
        """Doc."""
        return firms


class stock_of_two_initials:
    s = stock(unit="firm", doc="Doc.")

    @initial(s)
    def one_start(firms):
        """Doc."""
        return firms

    @initial(s)
    def other_start(firms):
        """Doc."""
        return firms


class unknown_start:
    s = stock(unit="firm", doc="Doc.", initial="frims")


class start_of_another_unit:
    s = stock(unit="person", doc="Doc.", initial="firms")


class start_of_another_dimension:
    s = stock(unit="firm", doc="Doc.", initial="local")


class start_at_a_number:
    s = stock(unit="firm", doc="Doc.", initial=12)


class cycle:
    @auxiliary("1")
    def x(z):
        """Doc."""
        return z

    @auxiliary("1")
    def y(x):
        """Doc."""
        return x

    @auxiliary("1")
    def z(y):
        """Doc."""
        return y


class initial_cycle:
    s = stock(unit="firm", doc="Doc.", initial="twice_s")

    @auxiliary("firm")
    def twice_s(s):
        """Doc."""
        return 2 * s


class smooth_cycle_at_the_start:
    @auxiliary("firm")
    def x(y):
        """Doc."""
        return 2 * y

    @auxiliary("firm")
    def y(x, lag):
        """Doc."""
        return smooth(x, lag)


class outside_bounds:
    p = parameter(2.0, "1", "Doc.", bounds=(0, 1), basis=assumed("test"))


class default_outside_bounds:
    p = lever("1", "Doc.", default=2.0, bounds=(0, 1), basis=assumed("test"))


class prior_without_bounds:
    p = parameter(normal(2, 1), "1", "Doc.", basis=assumed("test"))


class value_beyond_the_prior:
    p = parameter(lognormal(2, 1), "1", "Doc.", bounds=(0, 3), start=0.0, basis=assumed("test"))


class missing_element:
    p = parameter({"north": 1.0}, "1", "Doc.", over=place, basis=assumed("test"))


class start_at_the_center:
    p = parameter(normal(1, 1), "1", "Doc.", bounds=(0, 3), start=1.0, basis=assumed("test"))


class start_of_a_fixed_element:
    p = parameter({"north": 1.0, "south": 2.0}, "1", "Doc.", over=place, start={"south": 3.0}, basis=assumed("test"))


class start_of_no_element:
    p = parameter({"north": 1.0, "south": 2.0}, "1", "Doc.", over=place, start=3.0, basis=assumed("test"))


class basis_as_a_word:
    p = parameter(1.0, "1", "Doc.", basis="assumed")  # type: ignore[arg-type]


class bare_assumed:
    p = parameter(1.0, "1", "Doc.", basis=assumed("assumed"))


class reason_left_out:
    tax = lever("1", "Doc.", default=0.5, bounds=(0, 1), basis=seen(" "))


class no_equation:
    f = auxiliary("firm")


class varying_delay:
    @auxiliary("firm")
    def f(firms, lag):
        """Doc."""
        return fixed_delay(firms, lag, 0)


class delay_before_a_stock:
    @auxiliary("firm")
    def f(firms, fixed_lag, before):
        """Doc."""
        return fixed_delay(firms, fixed_lag, before)

    @auxiliary("firm")
    def before(firms):
        """Doc."""
        return firms


class delay_before_a_memory:
    @auxiliary("firm")
    def f(firms, lag, fixed_lag):
        """Doc."""
        return fixed_delay(firms, fixed_lag, smooth(0 * firms, lag))


class lag_of_another_unit:
    @auxiliary("firm")
    def f(firms, a):
        """Doc."""
        return delay3(firms, a)


class missing_argument:
    @auxiliary("firm")
    def f(firms):
        """Doc."""
        return smooth(firms)


class extra_argument:
    @auxiliary("1")
    def f(a):
        """Doc."""
        return exp(a, a)


class condition_as_a_choice:
    @auxiliary("firm")
    def f(firms):
        """Doc."""
        return minimum(firms, firms)(firms)


class table_as_a_number:
    bent = table("1", ((0, 0), (1, 1)), "Doc.", basis=assumed("test"))

    @auxiliary("1")
    def f(bent):
        """Doc."""
        return 2 * bent


class table_among_numbers:
    bent = table("1", ((0, 0), (1, 1)), "Doc.", basis=assumed("test"))

    @auxiliary("1")
    def f(bent):
        """Doc."""
        return minimum(exp(0 * bent(1)), bent)


class ratio_of_nothing:
    @auxiliary("1", reported=reported(ratio("brths", "entry")))
    def f(births, entry):
        """Doc."""
        return births / entry


class ratio_of_places:
    @auxiliary("1", reported=reported(ratio("local_entry", "entry")))
    def f(births, entry):
        """Doc."""
        return births / entry


class ratio_of_a_parameter:
    @auxiliary("1", reported=reported(ratio("a", "entry")))
    def f(births, entry):
        """Doc."""
        return births / entry


class unknown_annual:
    @auxiliary("1", reported=reported("integrl"))  # type: ignore[arg-type]
    def f(births, entry):
        """Doc."""
        return births / entry


FAULTY: list[tuple[type, str]] = [
    (unknown_name, "f: no variable or input is called 'aa'; did you mean 'a'?"),
    (doubled_name, "a: the name is already taken in base.py"),
    (second_name, "other: a second name of one"),
    (word_of_the_engine, "time: the name is taken"),
    (name_of_a_dimension, "place: the name is taken; 'place' is a dimension"),
    (taken_companion, "tax_set: the name is taken; it says whether the lever tax is set"),
    (companion_of_a_lever_with_default, "f: no variable or input is called 'tax_set'"),
    (open_unit, "f: its equation is in firm/year, its declaration in firm"),
    (joined_units, "f: joins different units: 1/year with firm, in firms + a"),
    (unreadable_unit, "f: 'furlong' in 'furlong' is no unit; known: billion_yuan, firm, person, year"),
    (unreadable_table, "f: 'furlong' in 'furlong' is no unit"),
    (unreadable_table, "f: 'fortnight' in 'fortnight' is no unit"),
    (unordered_table, "f: a table has points whose x increases"),
    (table_without_a_value, "f: a table has points that are finite numbers"),
    (table_without_an_end, "f: a table has points that are finite numbers"),
    (mixed_dimensions, "f: mixes the dimensions place and colour"),
    (wrong_dimension, "f: its equation runs over place, its declaration over nothing; use total()"),
    (wrong_sum, "f: total: the quantity does not run over colour"),
    (wrong_spread, "f: spread: needs a scalar and weights over place"),
    (unknown_element, "f: element: place has no element 'nroth'; did you mean 'north'?"),
    (element_of_a_scalar, "f: element: needs a quantity over place"),
    (vector_for_one_element, "f: only: needs a scalar"),
    (endless_flow, "f: a flow leaves a stock, enters one, or both"),
    (lost_flow, "f: no stock is called 'frims'; did you mean 'firms'?"),
    (flow_into_another_model, "f: its stock is not declared in any sector"),
    (flow_of_another_unit, "f: it is in 1/year, the stock firms in firm"),
    (flow_without_reduction, "f: it runs over place, the stock firms over nothing; give both the same over="),
    (scalar_flow_into_places, "f: it runs over nothing, the stock local over place"),
    (mixed_families, "f: leaves the family None and enters jars"),
    (startless_stock, "s: nothing says where the stock starts"),
    (twice_started_stock, "s: the stock has two initial values"),
    (stock_of_two_initials, "other_start: the stock s has two initial values"),
    (unknown_start, "s: it starts at 'frims', which does not exist; did you mean 'firms'?"),
    (start_of_another_unit, "s: it is in person, its start firms in firm"),
    (start_of_another_dimension, "s: its start local runs over place, the stock over nothing"),
    (start_at_a_number, "s: starts at 12; a number other than 0 or 1 is a parameter"),
    (cycle, "a cycle without a stock: "),
    (initial_cycle, "initial values depend on each other: "),
    (smooth_cycle_at_the_start, "initial values depend on each other: "),
    (outside_bounds, "p: its value 2 is outside its bounds 0 to 1"),
    (default_outside_bounds, "p: its default 2 is outside its bounds 0 to 1"),
    (prior_without_bounds, "p: an uncertain parameter (with a prior) has bounds too"),
    (value_beyond_the_prior, "p: its value 0 cannot come from its lognormal prior"),
    (missing_element, "p: its elements are ('north',); place has ('north', 'south')"),
    (start_at_the_center, "p: start 1 is the center of its prior, which is said already"),
    (start_of_a_fixed_element, "p: start 3 is where the search for the fit starts; what is fixed has none"),
    (start_of_no_element, "p: start is a number, or over a dimension a mapping of the elements that start elsewhere"),
    (basis_as_a_word, "p: its basis is 'assumed'; allowed: observed, derived, seen, "),
    (bare_assumed, "p: its basis is a bare 'assumed': say why this size"),
    (reason_left_out, "tax: its basis is a bare 'seen': say why this size"),
    (no_equation, "f: has no equation; write @auxiliary(...) above a function"),
    (varying_delay, "f: the lag of fixed_delay is a structural constant above 0"),
    (delay_before_a_stock, "f: what its fixed_delay gives before the lag has passed depends on firms"),
    (delay_before_a_memory, "f: what its fixed_delay gives before the lag has passed depends on f.smooth"),
    (lag_of_another_unit, "f: its time constant is not in years: 1/year with year"),
    (missing_argument, "f: smooth(): missing a required argument: 'time_constant'"),
    (extra_argument, "f: exp(): too many positional arguments"),
    (condition_as_a_choice, "f: cannot be read as an expression"),
    (table_among_numbers, "f: TableSymbol(name='bent') is not a quantity"),
    (table_as_a_number, "f: cannot be read as an expression"),
    (ratio_of_nothing, "f: a ratio of 'brths', which is no variable; did you mean 'births'?"),
    (ratio_of_places, "f: a ratio of 'local_entry', which runs over a dimension"),
    (ratio_of_a_parameter, "f: a ratio of 'a', which is no variable"),
    (unknown_annual, "f: reported as 'integrl'; allowed: integral, end, mean"),
]  # fmt: skip


@pytest.mark.parametrize(("sector", "says"), FAULTY, ids=[f"{s.__name__}-{i}" for i, (s, _) in enumerate(FAULTY)])
def test_a_fault_is_found_and_names_its_place(sector: type, says: str, faults_of: Faults) -> None:
    where = "" if says.startswith(("a cycle", "initial values")) else f"{sector.__name__}.py: "
    found = faults_of(base, sector)
    assert any(line.startswith(where + says) for line in found), found


def test_the_path_of_a_cycle_is_named_in_the_direction_of_cause(faults_of: Faults) -> None:
    (line,) = faults_of(cycle)
    path = line.removeprefix("a cycle without a stock: ").partition(";")[0].split(" -> ")
    assert path[0] == path[-1]
    follows = {"x": "y", "y": "z", "z": "x"}  # y is computed from x, z from y, x from z
    assert all(follows[cause] == effect for cause, effect in pairwise(path)), line


def test_all_faults_of_all_sectors_are_listed_at_once(faults_of: Faults) -> None:
    class faulty:
        p = parameter(2.0, "1", "Doc.", bounds=(0, 1), basis=assumed("test"))
        s = stock(unit="firm", doc="Doc.")
        bent = table("1", ((0, 0), (0, 1)), "Doc.", basis=assumed("test"))

        @auxiliary("1")
        def unknown(nobody):
            """Doc."""
            return nobody

        @auxiliary("person")
        def open_unit(firms):
            """Doc."""
            return firms

        @flow("firm/year")
        def endless(births):
            """Doc."""
            return births

        @auxiliary("firm")
        def delayed(firms, fixed_lag):
            """Doc."""
            return fixed_delay(firms, fixed_lag, firms)

        @auxiliary("firm")
        def varying(firms, lag):
            """Doc."""
            return fixed_delay(firms, lag, 0)

    found = "\n".join(faults_of(base, doubled_name, cycle, initial_cycle_of_its_own, faulty))
    for says in (
        "already taken", "a cycle without a stock", "initial values depend", "outside its bounds", "stock starts",
        "x increases", "'nobody'", "in firm, its declaration in person", "a flow leaves", "depends on firms",
        "structural constant",
    ):  # fmt: skip
        assert says in found, says


class initial_cycle_of_its_own:
    t = stock(unit="firm", doc="Doc.", initial="twice_t")

    @auxiliary("firm")
    def twice_t(t):
        """Doc."""
        return 2 * t


def test_every_cycle_is_named_and_each_once(faults_of: Faults) -> None:
    class other_cycle:
        @auxiliary("1")
        def v(w):
            """Doc."""
            return w

        @auxiliary("1")
        def w(v):
            """Doc."""
            return v

    assert len([line for line in faults_of(cycle, other_cycle) if "cycle without a stock" in line]) == 2
    assert len(faults_of(cycle, other_cycle)) == 2


def test_a_delay_may_start_from_inputs_parameters_and_opening_values() -> None:
    class good:
        births_before = series("firm/year", "Births before.")
        places = stock(unit="firm", doc="Doc.")

        @initial(places)
        def places_at_start(births_before, a):
            """Doc."""
            return births_before / a

        @auxiliary("firm/year")
        def delayed(births, fixed_lag, births_before, places_at_start, a):
            """Doc."""
            return fixed_delay(births, fixed_lag, births_before + a * places_at_start)

    assert build([base, good], UNITS).program.delay_names == ("delayed.fixed_delay",)


def test_a_smooth_in_a_loop_needs_a_start_of_its_own() -> None:
    class looped:
        @auxiliary("firm")
        def x(y):
            """Doc."""
            return 2 * y

        @auxiliary("firm")
        def y(x, lag, firms):
            """Doc."""
            return smooth(x, lag, firms)

    assert build([base, looped], UNITS).program.states[-1] == "y.smooth"


def swapped(order: tuple[str, str]) -> Any:
    class sector:
        one = parameter(0.5, "firm", "Doc.", basis=assumed("test"))
        two = parameter(2.0, "firm", "Doc.", basis=assumed("test"))
        a = stock(unit="firm", doc="Doc.")
        b = stock(unit="firm", doc="Doc.")

        @initial(vars()[order[0]])
        def first_start(one):
            """Doc."""
            return one

        @initial(vars()[order[1]])
        def second_start(two):
            """Doc."""
            return two

        @auxiliary("firm")
        def both(a, b):
            """Doc."""
            return a + 2 * b

    return sector


def test_the_hash_tells_models_apart_whose_numbers_differ() -> None:
    def places(*elements: str) -> str:
        over = dimension("place", elements, "Places.")

        class sector:
            x = stock(unit="firm", doc="Doc.", over=over, initial=1)

        return build([sector], UNITS).hash

    def valued(value: float, unit: str = "1", power: int = 1) -> str:
        class sector:
            p = parameter(value, unit, "Doc.", basis=assumed("test"))

            if power == 1:

                @auxiliary(unit)
                def f(p):
                    """Doc."""
                    return p

            else:

                @auxiliary(unit)
                def f(p):
                    """Doc."""
                    return p * p / p

        return build([sector], UNITS).hash

    assert build([swapped(("a", "b"))], UNITS).hash != build([swapped(("b", "a"))], UNITS).hash
    assert places("north", "south") != places("north", "south", "west")
    hashes = [valued(1.0), valued(1.0 + 1e-15), valued(1.0, "firm"), valued(1.0, power=2)]
    assert len(set(hashes)) == len(hashes)
    assert valued(1.0) == valued(1.0)


def test_the_hash_does_not_depend_on_the_order_of_sectors() -> None:
    class other:
        b = parameter(0.5, "1/year", "A rate.", basis=assumed("test"))

    assert build([base, other], UNITS).hash == build([other, base], UNITS).hash


def test_an_accumulated_quantity_is_in_its_unit_times_years() -> None:
    class gathered:
        @auxiliary("firm")
        def all_births(births):
            """Doc."""
            return accumulate(births)

    assert "all_births.accumulate" in build([base, gathered], UNITS).program.states
