"""The calendar of a project: the years a model begins with, policy acts from, runs end with, and how they step."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Calendar:
    """Which years a model is about; one that states none begins at year 0, with policy from then on.

    Attributes:
        first_year: the year of the opening stocks.
        policy_from: the year from which levers act; what lies before is history.
        last_year: the last year that runs cover unless told otherwise.
        latest_year: the last year that can be asked for.
        dt, method, save_every: how runs step, and how often trajectories are saved, unless told otherwise.
    """

    first_year: int = 0
    policy_from: int = 0
    last_year: int = 10
    latest_year: int = 100
    dt: float = 1 / 16
    method: Literal["rk4", "euler"] = "rk4"
    save_every: float = 0.25

    @property
    def run(self) -> tuple[int, int, float, Literal["rk4", "euler"], float]:
        """How a run goes unless told otherwise: first and last year, step, method, how often it is saved."""
        return self.first_year, self.last_year, self.dt, self.method, self.save_every

    @property
    def lever_dates(self) -> tuple[float, float]:
        """The earliest and the latest date at which a lever may change, in decimal years."""
        return float(self.policy_from), self.latest_year + 1.0
