"""What is read: books are bought, worn out and lent."""

from pujiang.declare import assumed, auxiliary, flow, lever, lognormal, observed, parameter, reported, stock
from pujiang.primitives import minimum

purchases_a_year = lever(
    "paper/year", "Books bought in a year.", default=400.0, bounds=(0.0, 5000.0), basis=observed("the budget")
)
wear_rate = parameter(
    lognormal(0.08, 0.3),
    "1/year",
    "Share of books worn out in a year.",
    bounds=(0.01, 0.3),
    basis=assumed("a book lasts about twelve years"),
)
loans_of_reader = parameter(
    lognormal(12.0, 0.3),
    "paper/person/year",
    "Books a reader borrows in a year.",
    bounds=(2.0, 40.0),
    basis=assumed("one a month"),
)
books_wanted = parameter(4.0, "paper/person", "Books a reader wants to choose from.", basis=assumed("a rule of thumb"))
opening_books = parameter(5000.0, "paper", "Books at the start.", basis=observed("the catalogue"))

books = stock("paper", "Books on the shelves.", initial="opening_books", reported=reported("end"))


@flow("paper/year", into=books, reported=reported("integral"))
def purchases(purchases_a_year):  # type: ignore[no-untyped-def]
    """Books bought."""
    return purchases_a_year


@flow("paper/year", out_of=books)
def wear(books, wear_rate):  # type: ignore[no-untyped-def]
    """Books worn out."""
    return books * wear_rate


@auxiliary("1")
def supply(books, all_readers, books_wanted):  # type: ignore[no-untyped-def]
    """Books there are of those wanted, one at most."""
    return minimum(books / (all_readers * books_wanted), 1)


@auxiliary("paper/year", reported=reported("integral"))
def loans(all_readers, loans_of_reader, supply):  # type: ignore[no-untyped-def]
    """Books lent."""
    return all_readers * loans_of_reader * supply
