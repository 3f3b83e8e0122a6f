"""The calendar of a project: the years a model begins with, policy acts from, and runs end with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Calendar:
    """Which years a model is about; one that states none begins at year 0, with policy from then on.

    Attributes:
        first_year: the year of the opening stocks.
        policy_from: the year from which levers act; what lies before is history.
        last_year: the last year that runs cover unless told otherwise.
        latest_year: the last year that can be asked for.
    """

    first_year: int = 0
    policy_from: int = 0
    last_year: int = 10
    latest_year: int = 100

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last year that runs cover unless told otherwise."""
        return self.first_year, self.last_year

    @property
    def lever_dates(self) -> tuple[float, float]:
        """The earliest and the latest date at which a lever may change, in decimal years."""
        return float(self.policy_from), self.latest_year + 1.0
