"""Does a vintage know what was known at the end of its year, and nothing else?"""

import pytest

import pujiang
from pujiang.evidence import Evidence
from pujiang.evidence.inputs import SWITCH
from pujiang.experiment.vintage import vintage


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return pujiang.Model().evidence()


@pytest.mark.parametrize("cutoff", range(2018, 2025))
@pytest.mark.parametrize("inputs", ["happened", "foreseen"])
def test_no_observation_of_a_later_year_is_left(evidence: Evidence, cutoff: int, inputs) -> None:
    kept = vintage(evidence, cutoff, inputs).observations
    assert kept
    assert all(max(o.year, o.base_year or 0) <= cutoff for o in kept)
    assert len(kept) == sum(max(o.year, o.base_year or 0) <= cutoff for o in evidence.observations)


def test_inputs_that_happened_are_those_of_the_evidence(evidence: Evidence) -> None:
    assert vintage(evidence, 2019, "happened").inputs == evidence.inputs


@pytest.mark.parametrize("cutoff", range(2018, 2025))
def test_foreseen_inputs_hold_their_last_known_figure(evidence: Evidence, cutoff: int) -> None:
    for name, series in vintage(evidence, cutoff, "foreseen").inputs.items():
        if SWITCH in series.statuses:
            assert max(series.times) <= cutoff + 1, name
            continue
        late = [
            t for t, known in zip(series.times, series.known_from, strict=True) if t >= cutoff + 1 and known > cutoff
        ]
        assert not late, f"{name} knows {late} at the end of {cutoff}"


def test_what_was_announced_is_known_ahead(evidence: Evidence) -> None:
    """The measures of 2018 set a goal for 2020; the first pilots of 2023 ended with that year."""
    campaign = vintage(evidence, 2018, "foreseen").inputs["certification_campaign"]
    assert 2020.0 in campaign.times
    assert 2020.0 not in vintage(evidence, 2017, "foreseen").inputs["certification_campaign"].times
    assert vintage(evidence, 2023, "foreseen").inputs["first_pilot_batch"].values[-1] == 0


def test_switches_from_data_to_the_model_are_thrown_at_the_cutoff(evidence: Evidence) -> None:
    known = vintage(evidence, 2020, "foreseen").inputs
    assert known["gdp_endogenous"].times == (2015.0, 2021.0)
    assert known["projecting"].times == (2015.0, 2021.0)
    assert vintage(evidence, 2024, "foreseen").inputs["government_funding_known"].times == (2015.0, 2024.0)
