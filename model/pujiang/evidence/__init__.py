"""The evidence: observations, input series, and where every number comes from."""

from pujiang.evidence.inputs import InputSeries
from pujiang.evidence.observations import Observation
from pujiang.evidence.pack import NO_EVIDENCE, Evidence, load
from pujiang.evidence.provenance import explain
from pujiang.evidence.sources import Figure, Source, Trap

__all__ = ["NO_EVIDENCE", "Evidence", "Figure", "InputSeries", "Observation", "Source", "Trap", "explain", "load"]
