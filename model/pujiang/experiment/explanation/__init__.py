"""Why two trajectories differ: by lever, by pathway, by loop.

`sides` says what is held against what, and in which things they differ; `shapley` and `by_lever` divide every outcome
among these; `routes` follows the difference through the model; `loops` measures what comes back; `tree` labels it all.
"""
