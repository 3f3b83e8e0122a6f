"""What do the technology industries put out?

Output is the smaller of demand and capacity, times the availability of inputs. It is gross: sales, not
value added, on the definitions published for 2021-24. Loops: R1 (revenue pays for firms' R&D).
"""

from pujiang.basis import assumed
from pujiang.declare import auxiliary, parameter
from pujiang.primitives import element, smooth_minimum, total
from pujiang.priors import lognormal
from pujiang.reported import reported
from pujiang.shanghai.dimensions import industry

initial_output = parameter(
    {
        "ic": lognormal(88.0, 0.1),
        "biomedicine": lognormal(380.0, 0.12),
        "ai": lognormal(35.0, 0.25),
        "other": lognormal(1330.0, 0.12),
    },
    "billion_yuan/year",
    "Output at 2015.0, on the definitions of 2021-24.",
    over=industry,
    bounds=(10.0, 2500.0),
    start={"biomedicine": 375.0, "ai": 38.5, "other": 1340.0},
    basis=assumed("carried back from 250, 762 and 306 bn (2021) and from enterprise R&D at 3-4 % of revenue"),
)
output_sharpness = parameter(
    8.0, "1", "Sharpness of the smaller of capacity and demand.", basis=assumed("form of the smooth minimum")
)


@auxiliary("billion_yuan/year", over=industry, reported=reported("integral", "Industry output"))
def industry_output(capacity, demand, output_sharpness, input_availability):
    """Output of an industry (gross, not value added): the smaller of capacity and demand."""
    return smooth_minimum(capacity, demand, output_sharpness) * input_availability


@auxiliary(
    "billion_yuan/year", reported=reported("integral", "Revenue of the technology industries", short="Industry revenue")
)
def industry_revenue(industry_output):
    """Revenue of the technology industries."""
    return total(industry_output, industry)


@auxiliary("billion_yuan/year")
def initial_industry_revenue(initial_output):
    """Revenue of the technology industries at 2015.0."""
    return total(initial_output, industry)


@auxiliary(
    "billion_yuan/year",
    reported=reported("integral", "Three leading industries, output", short="Three industries", better="more"),
)
def three_industries_output(industry_output):
    """Output of integrated circuits, biomedicine and artificial intelligence together."""
    return (
        element(industry_output, industry, "ic")
        + element(industry_output, industry, "biomedicine")
        + element(industry_output, industry, "ai")
    )
