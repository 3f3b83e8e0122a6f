"""What momentum does the city have: structural, generative, adaptive?

Three indices of 2015 = 1 that sum up the model for a reader; nothing depends on them. Structural momentum is
what the centers and the economy carry, generative momentum what knowledge and new firms bring forth, adaptive
momentum how institutions learn. The words are the sources'; the formulas and weights are ours.
"""

from pujiang.basis import assumed
from pujiang.declare import auxiliary, parameter
from pujiang.primitives import exp, log, safe_divide, sqrt, total
from pujiang.reported import reported
from pujiang.shanghai.dimensions import center

output_weight_in_momentum = parameter(
    0.3, "1", "Weight of real output in structural momentum.", basis=assumed("an index, not a cause")
)
spinout_weight_in_momentum = parameter(
    5.0, "1", "Firms a spin-out of science stands for in generative momentum.", basis=assumed("an index, not a cause")
)


@auxiliary("1", reported=reported("mean", "Structural momentum, 2015 = 1", short="Structural momentum"))
def structural_momentum(
    center_capability, number_of_centers, real_output, initial_real_output, output_weight_in_momentum
):
    """Geometric mean of the four centers' capabilities, with the size of the economy."""
    return (
        exp(total(log(center_capability), center) / number_of_centers)
        * (real_output / initial_real_output) ** output_weight_in_momentum
    )


@auxiliary("1", reported=reported("mean", "Generative momentum, 2015 = 1", short="Generative momentum"))
def generative_momentum(
    relative_applied_knowledge,
    technology_firm_births,
    reform_spinouts,
    institution_spinouts,
    spinout_weight_in_momentum,
    startup_birth_base,
):
    """Geometric mean of knowledge and of new firms, spin-outs of science weighted."""
    return sqrt(
        relative_applied_knowledge
        * safe_divide(
            technology_firm_births + spinout_weight_in_momentum * (reform_spinouts + institution_spinouts),
            startup_birth_base,
        )
    )


@auxiliary("1", reported=reported("mean", "Adaptive momentum, 2015 = 1", short="Adaptive momentum"))
def adaptive_momentum(institutional_quality):
    """How far institutions have learnt."""
    return institutional_quality
