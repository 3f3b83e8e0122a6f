"""Does a new sector, with a unit and a dimension of its own, land with its file alone?"""

from types import SimpleNamespace

import pytest

import pujiang
from pujiang.basis import assumed
from pujiang.declare import auxiliary, dimension, parameter, series, stock, unit
from pujiang.declare import flow as flow_
from pujiang.engine.simulate import Simulation
from pujiang.errors import ModelError
from pujiang.priors import lognormal
from pujiang.reported import reported
from pujiang.shanghai.sectors import FULL

port = dimension("port", {"yangshan": "Yangshan", "waigaoqiao": "Waigaoqiao"}, "Container ports.")


class ports:  # a sector of a test is a class used as a namespace  # noqa: N801
    box = unit("box", "Containers.", shown="boxes")
    box_growth = parameter(
        lognormal(0.04, 0.3), "1/year", "Growth of traffic.", bounds=(0.0, 0.2), basis=assumed("made for a test")
    )
    first_boxes = parameter(
        {"yangshan": 15e6, "waigaoqiao": 20e6}, "box/year", "Traffic in 2015.", over=port, basis=assumed("made too")
    )
    traffic = stock(
        "box/year",
        "Containers a year.",
        over=port,
        initial="first_boxes",
        reported=reported("mean", unit="1,000 boxes"),
    )

    @flow_("box/year^2", into=traffic, over=port)
    def traffic_growth(traffic, box_growth):  # type: ignore[no-untyped-def]  # noqa: N805
        """Traffic grows."""
        return traffic * box_growth

    @auxiliary("box/billion_yuan", over=port)
    def boxes_per_output(traffic, gdp):  # type: ignore[no-untyped-def]  # noqa: N805
        """Containers per output: what another sector computes is named, not imported."""
        return traffic / gdp


def test_a_sector_with_a_unit_and_a_dimension_of_its_own_runs_beside_all_others() -> None:
    system = pujiang.load_model([*FULL, ports])
    assert system.variables["boxes_per_output"].causes == ("traffic", "gdp")
    tree = pujiang.simulate(system, simulation=Simulation(2015, 2017))
    traffic = tree["annual"]["traffic"].isel(scenario=0, member=0)
    assert traffic.sel(port="yangshan", year=2017) > traffic.sel(port="yangshan", year=2016) > 15e6
    facts = {"label": "Traffic", "shown_unit": "1,000 boxes", "scale": 1e-3, "decimals": 1, "difference": "percent"}
    assert traffic.attrs.items() >= facts.items()
    assert traffic.attrs["element_labels"] == "yangshan: Yangshan; waigaoqiao: Waigaoqiao"
    assert tree["trajectories"]["boxes_per_output"].attrs["units"] == "box/billion_yuan"


def test_a_unit_nobody_declares_is_a_fault_with_the_nearest_one() -> None:
    mistyped = SimpleNamespace(__name__="mistyped", people=series("persn", "People."))
    with pytest.raises(
        ModelError, match=r"mistyped.py: people: 'persn' in 'persn' is no unit; .*did you mean 'person'"
    ):
        pujiang.load_model([*FULL, mistyped])
