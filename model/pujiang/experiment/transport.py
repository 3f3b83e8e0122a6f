"""A map from independent normal numbers to nearly the posterior: the curvature at a fit, bent along its sharp ridges.

Around a fit m the posterior is nearly normal: x = m + A u, with u standard normal and the columns of A ordered by how
well the data know them. What makes that a poor likeness is a few sharp directions that bend as the others move. So the
others are drawn first, and one Gauss-Newton step puts the sharp ones where these want them. The map is a shear: its
determinant is 1, so that its draws can be weighed exactly.

Directions the data do not know are equally sharp, and which of them a computer picks depends on its last bits. So u is
not drawn but turned: u = D'n, D the directions and n the normals, and the map is the same whichever were picked.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Residuals = Callable[[Floats], Floats]
"""Residuals (residual, run) at points (parameter, run): data first, then priors; half their squares is the energy."""

SHARP = 16
"""How many directions are bent: the best share of effective draws, tried from 6 to 30 on the shipped model."""

BLOCK = 1024
"""Points simulated at once."""


@dataclass(frozen=True)
class Transport:
    """The map of one fit.

    Attributes:
        center: the fit m, in the priors' standard normal numbers.
        directions: D (parameter, direction), the directions known best first; basis: A, these by how far they reach.
        jacobian: of the residuals at the fit (residual, parameter).
        sharp: how many directions are bent.
    """

    residuals: Residuals
    center: Floats
    directions: Floats
    basis: Floats
    jacobian: Floats
    low: Floats
    high: Floats
    sharp: int = SHARP

    def draws(self, normals: Floats) -> tuple[Floats, Floats]:
        """Points (parameter, draw) of standard normals (parameter, draw), and the logarithm of what each weighs.

        A point outside the bounds weighs nothing: -inf.
        """
        parts = [self._block(normals[:, i : i + BLOCK]) for i in range(0, normals.shape[1], BLOCK)]
        return np.concatenate([x for x, _ in parts], axis=1), np.concatenate([weight for _, weight in parts])

    def _block(self, normals: Floats) -> tuple[Floats, Floats]:
        turned = self.directions.T @ normals
        bent = turned.copy()
        bent[: self.sharp] = 0
        foot = self.center[:, None] + self.basis @ bent
        shift = self.basis[:, : self.sharp].T @ (self.jacobian.T @ self.residuals(foot))
        bent[: self.sharp] = turned[: self.sharp] - shift
        x = self.center[:, None] + self.basis @ bent
        inside = ((x >= self.low[:, None]) & (x <= self.high[:, None])).all(axis=0)
        weight = np.full(normals.shape[1], -np.inf)
        if inside.any():
            energy = 0.5 * np.sum(self.residuals(x[:, inside]) ** 2, axis=0)
            weight[inside] = 0.5 * np.sum(normals[:, inside] ** 2, axis=0) - energy
        return x, weight


def transport(residuals: Residuals, center: Floats, jacobian: Floats, low: Floats, high: Floats) -> Transport:
    """The map at a fit, from the Jacobian of the residuals there, priors included.

    Args:
        center: (parameter,); jacobian: (residual, parameter); low, high: bounds (parameter,).
    """
    precision, directions = np.linalg.eigh(jacobian.T @ jacobian)
    order = np.argsort(-precision)
    directions = directions[:, order]
    basis = directions / np.sqrt(precision[order])
    return Transport(residuals, center, directions, basis, jacobian, low, high, min(SHARP, len(center)))
