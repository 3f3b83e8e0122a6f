"""Members of an ensemble: draws of the uncertain parameters, the same for every scenario."""

import numpy as np

from pujiang.engine.system import System
from pujiang.experiment.fit import Fit, Floats, declared, uncertain, z_bounds


def members(system: System, fit: Fit, size: int, seed: int, kind: str) -> dict[str, Floats]:
    """Values (1 + size,) of every uncertain parameter: the fit itself, then `size` draws.

    kind "laplace" draws from the normal distribution whose covariance is the curvature of the fit (an
    approximation); "prior" draws from the priors, around the fit's values as the central member. A draw
    outside a parameter's bounds is put on the bound; the certificate says how often.
    """
    priors = uncertain(system)
    normals = np.random.default_rng(seed).standard_normal((size, len(priors)))
    at_fit = np.array([prior.z(fit.values[name]) for name, prior in priors.items()])
    if kind == "prior":
        spread, center = declared(system).factor, np.zeros(len(priors))
    else:
        spread, center = fit.factor, at_fit
    low, high = z_bounds(system, priors)
    draws = np.clip(center + normals @ spread.T, low, high)
    drawn = {
        name: np.concatenate([[fit.values[name]], np.clip(prior.value(z), *_bounds(system, name))])
        for (name, prior), z in zip(priors.items(), draws.T, strict=True)
    }
    return drawn


def _bounds(system: System, scalar: str) -> tuple[float, float]:
    bounds = system.parameters[scalar.partition(".")[0]].bounds
    assert bounds is not None
    return bounds
