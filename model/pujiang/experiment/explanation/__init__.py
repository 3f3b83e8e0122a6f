"""Why two trajectories differ: by lever, by pathway, by loop."""
