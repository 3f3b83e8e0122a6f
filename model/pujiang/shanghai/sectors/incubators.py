"""How many ventures grow up in a high-quality incubator, and how much does it help them?

Each incubator takes in some two dozen ventures; those inside raise a further round more often. Gains shrink as
incubators come to house most seed ventures. Evidence: about twelve stood in mid-2025 (the twelve of June 2023
were a plan); how much they help is assumed.
"""

from pujiang.basis import assumed, derived
from pujiang.declare import auxiliary, flow, lever, parameter, stock, unit
from pujiang.primitives import safe_divide, where
from pujiang.priors import lognormal, normal
from pujiang.reported import reported

incubator = unit("incubator", "Incubators.")

incubator_openings = lever(
    "incubator/year",
    "High-quality incubators opened in a year.",
    default=2.0,
    bounds=(0.0, 50.0),
    history="incubator_openings",
    why="A small gain on those seed ventures that are in incubators: they raise again more often, but must still "
    "climb the venture chain, whose later stages are as narrow as before.",
    shown_at=10.0,
    basis=assumed("slower once the first twenty planned for 2025 stand"),
)

incubators_ahead = parameter(
    lognormal(1.0, 0.35),
    "1",
    "Incubators opened from 2026 on over those meant.",
    bounds=(0.2, 4.0),
    chance=True,
    basis=derived("twelve stood in mid-2025 of twenty planned for that year"),
)
ventures_per_incubator = parameter(
    lognormal(25.0, 0.3),
    "firm/incubator",
    "Seed ventures a high-quality incubator houses.",
    bounds=(8.0, 80.0),
    basis=assumed("order of size; incubators' lists of tenants would tell"),
)
incubator_gain = parameter(
    normal(0.25, 0.1),
    "1",
    "Share by which an incubator raises a venture's chance of a further round.",
    bounds=(0.0, 0.6),
    basis=assumed("a small gain; ventures in and out of incubators compared would tell"),
)

incubators = stock(
    "incubator",
    "High-quality incubators.",
    initial=0,
    reported=reported("mean", "High-quality incubators", short="Incubators", unit="incubators", decimals=1),
)


@flow("incubator/year", into=incubators)
def incubators_opened(incubator_openings, projecting, incubators_ahead):
    """Incubators that open: as counted, later as many as come of those meant."""
    return incubator_openings * where(projecting, incubators_ahead, 1)


@auxiliary("1")
def incubated_share(ventures_per_incubator, incubators, seed_ventures):
    """Share of seed ventures in incubators: places fill up less and less as they come to exceed ventures."""
    return safe_divide(ventures_per_incubator * incubators, ventures_per_incubator * incubators + seed_ventures)


@auxiliary("1")
def incubator_support(incubator_gain, incubated_share):
    """Factor of incubators on the share of seed ventures that raise again."""
    return 1 + incubator_gain * incubated_share
