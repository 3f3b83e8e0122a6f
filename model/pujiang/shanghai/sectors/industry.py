"""What do the technology industries put out?

Output is the smaller of demand and capacity, times the availability of inputs. It is gross: sales, on the
definitions published for 2021-24. Value added is output times the ratio of its industry, and part of GDP: what
moves industry moves the economy by that much. Loops: R1 (revenue pays for firms' R&D).
"""

from pujiang.basis import assumed, derived
from pujiang.declare import auxiliary, parameter
from pujiang.primitives import element, safe_divide, smooth_minimum, total
from pujiang.priors import lognormal
from pujiang.reported import ratio, reported
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
    bounds=(10.0, 2000.0),
    start={"biomedicine": 375.0, "ai": 38.5, "other": 1340.0},
    basis=assumed(
        "carried back from 250, 762 and 306 bn (2021) and from enterprise R&D at 3-4 % of revenue; output of "
        "2015-20 on one definition would tell",
        hindsight=2021,
    ),
)
value_added_ratio = parameter(
    {
        "ic": lognormal(0.3, 0.12),
        "biomedicine": lognormal(0.17, 0.15),
        "ai": lognormal(0.28, 0.15),
        "other": lognormal(0.25, 0.1),
    },
    "1",
    "Value added over output.",
    over=industry,
    bounds=(0.08, 0.42),
    basis=derived(
        "manufacturing adds a quarter to a third; the scale of biomedicine includes trade (201 of 985 bn is made "
        "here). Together a fifth of GDP in 2024, as strategic emerging industries are reported",
        hindsight=2024,
    ),
)
output_sharpness = parameter(
    8.0, "1", "Sharpness of the smaller of capacity and demand.", basis=assumed("form of the smooth minimum")
)


@auxiliary("billion_yuan/year", over=industry)
def output_at_full_inputs(capacity, demand, output_sharpness):
    """What an industry would put out with all inputs: the smaller of capacity and demand."""
    return smooth_minimum(capacity, demand, output_sharpness)


@auxiliary("billion_yuan/year", over=industry, reported=reported("integral", "Industry output"))
def industry_output(output_at_full_inputs, input_availability):
    """Output of an industry (gross, not value added)."""
    return output_at_full_inputs * input_availability


@auxiliary("1/year", over=industry)
def industry_output_growth(
    output_at_full_inputs,
    capacity,
    capacity_completions,
    capacity_scrapped,
    demand,
    demand_increase,
    output_sharpness,
    input_availability_growth,
):
    """Growth of output: that of capacity and of demand, each as far as it is what binds, and of inputs."""
    return (
        safe_divide(output_at_full_inputs, capacity) ** output_sharpness
        * safe_divide(capacity_completions - capacity_scrapped, capacity)
        + safe_divide(output_at_full_inputs, demand) ** output_sharpness * safe_divide(demand_increase, demand)
        + input_availability_growth
    )


@auxiliary(
    "billion_yuan/year",
    reported=reported(
        "integral", "Value added of the technology industries", short="Technology value added", better="more"
    ),
)
def technology_value_added(industry_output, value_added_ratio):
    """Value added of the technology industries: their part of GDP."""
    return total(industry_output * value_added_ratio, industry)


@auxiliary("billion_yuan/year^2")
def technology_value_added_change(industry_output, industry_output_growth, value_added_ratio):
    """Value added that the technology industries gain in a year."""
    return total(industry_output * industry_output_growth * value_added_ratio, industry)


@auxiliary("billion_yuan/year")
def opening_technology_value_added(initial_output, value_added_ratio):
    """Value added of the technology industries at 2015.0."""
    return total(initial_output * value_added_ratio, industry)


@auxiliary(
    "1",
    reported=reported(
        ratio("technology_value_added", "gdp"),
        "Technology industries in GDP",
        short="Technology share",
        unit="% of GDP",
        better="more",
    ),
)
def technology_share(technology_value_added, gdp):
    """Part of the technology industries in GDP."""
    return technology_value_added / gdp


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
