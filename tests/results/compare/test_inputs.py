"""Do words say of a lever what its setting does?"""

from typing import Any

import pytest

from pujiang.results.compare.inputs import setting_in_words


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"target": 1.0, "start": 2026.0, "shape": "step"}, "0.35 → 1 from 2026"),
        ({"target": 0.35, "start": 2026.0}, "kept at 0.35"),
        ({"target": 1.0, "start": 2026.5, "end": 2030.0, "shape": "ramp"}, "0.35 → 1, 2026.5 to 2030"),
        ({"from": 0.5, "target": 1.0, "start": 2026, "end": 2030, "shape": "ramp"}, "0.5 → 1, 2026 to 2030"),
        ({"target": 0.0, "start": 2027.0, "end": 2029.0, "shape": "pulse"}, "0.35 → 0 from 2027, back at 2029"),
        ({"path": [{"time": 2026.0, "value": 0.4}, {"time": 2030, "value": 1}]}, "0.35 → 0.4 (2026), 1 (2030)"),
    ],
)
def test_a_setting_reads_as_what_it_does(setting: dict[str, Any], words: str) -> None:
    assert setting_in_words(setting, "0.35") == words


def test_without_the_model_the_level_before_is_left_out() -> None:
    assert setting_in_words({"target": 1.0, "start": 2026.0}) == "1 from 2026"
