"""A family member: one university that grants full ownership, as the first one did in 2024."""

import numpy as np

from pujiang.engine.profiles import Profile, constant
from pujiang.engine.simulate import simulate
from pujiang.experiment.inputs import lever_profiles


def test_licensing_of_one_full_ownership_university_jumps_ten_to_fortyfold_in_two_years(system, series, fit) -> None:
    """The reported jump, 67 times, is one lumpy case and is not fitted; its order is what the structure must give.

    The city is run as a single institution that does not reform by itself and is then made to: an annual rate of
    two has it in full ownership, on the whole, within a year.
    """
    alone = {**series, "first_pilot_batch": constant(0.0), "reform_openness": constant(0.0)}
    levers = lever_profiles(system, {}, series, 1 / 16)
    levers["ownership_rollout_rate"] = Profile((2024.0,), (0.0,), (2.0,))
    values = {name: np.array([value]) for name, value in fit.values.items()}
    one = {**values, "number_of_institutions": np.array([1.0])}
    course = simulate(system, one, levers, series=alone)["trajectories"].to_dataset().isel(scenario=0)
    income = course.licence_income
    jump = float(income.sel(time=2026.0) / income.sel(time=2024.0))
    assert 10 < jump < 40
    assert float(course.institutions_full_ownership.sel(time=2026.0)) > 0.9
    # The shelf empties once: income grows on, but never again as in the first two years.
    assert float(income.sel(time=2028.0) / income.sel(time=2026.0)) < 2
