"""Who reads: townspeople join for the books there are, and leave."""

from pujiang.declare import assumed, auxiliary, flow, initial, lognormal, observed, parameter, reported, series, stock
from pujiang.primitives import total

from .branches import branch

townspeople = series("person", "People in town.")
joining_rate = parameter(
    lognormal(0.05, 0.5),
    "1/year",
    "Share of townspeople who join in a year, where there are enough books.",
    bounds=(0.005, 0.5),
    basis=assumed("a small town"),
)
leaving_rate = parameter(
    lognormal(0.2, 0.3),
    "1/year",
    "Share of readers who stay away from one year to the next.",
    bounds=(0.05, 0.6),
    basis=assumed("most stay some years"),
)
share_of_branch = parameter(
    {"harbour": 0.6, "hill": 0.4}, "1", "Share of townspeople near a branch.", over=branch, basis=observed("the map")
)
opening_readers = parameter(
    {"harbour": 900.0, "hill": 500.0}, "person", "Readers at the start.", over=branch, basis=observed("the register")
)

readers = stock(unit="person", over=branch, doc="People with a valid card.")


@initial(readers)
def readers_at_start(opening_readers):  # type: ignore[no-untyped-def]
    """As the register says."""
    return opening_readers


@flow("person/year", into=readers, over=branch)
def joining(townspeople, share_of_branch, joining_rate, supply):  # type: ignore[no-untyped-def]
    """Townspeople who take a card."""
    return townspeople * share_of_branch * joining_rate * supply


@flow("person/year", out_of=readers, over=branch)
def leaving(readers, leaving_rate):  # type: ignore[no-untyped-def]
    """Readers who let their card lapse."""
    return readers * leaving_rate


@auxiliary("person", reported=reported("end"))
def all_readers(readers):  # type: ignore[no-untyped-def]
    """Readers of all branches."""
    return total(readers, branch)
