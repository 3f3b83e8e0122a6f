"""What is read: books are bought, worn out and lent."""

from pujiang.declare import auxiliary, flow, lever, lognormal, parameter, stock
from pujiang.primitives import minimum

purchases_a_year = lever(
    "paper/year", "Books bought in a year.", default=400.0, bounds=(0.0, 5000.0), source="observed: the budget"
)
wear_rate = parameter(
    0.08, "1/year", "Share of books worn out in a year.",
    bounds=(0.01, 0.3), prior=lognormal(0.08, 0.3), source="assumed: a book lasts about twelve years",
)  # fmt: skip
loans_of_reader = parameter(
    12.0, "paper/person/year", "Books a reader borrows in a year.",
    bounds=(2.0, 40.0), prior=lognormal(12.0, 0.3), source="assumed: one a month",
)  # fmt: skip
books_wanted = parameter(4.0, "paper/person", "Books a reader wants to choose from.", source="assumed: a rule of thumb")
opening_books = parameter(5000.0, "paper", "Books at the start.", source="observed: the catalogue")

books = stock(unit="paper", doc="Books on the shelves.", initial="opening_books", annual="end")


@flow("paper/year", into=books, annual="integral")
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


@auxiliary("paper/year", annual="integral")
def loans(all_readers, loans_of_reader, supply):  # type: ignore[no-untyped-def]
    """Books lent."""
    return all_readers * loans_of_reader * supply
