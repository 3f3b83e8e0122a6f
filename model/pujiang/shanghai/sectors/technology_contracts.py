"""Technology contracts of the whole city, as registered.

Contracts follow research and transfers; how many of them are registered is administrative (rules of 2018,
incentives of 2021-23) and an input. Nothing leads back from here into the model.
"""

from pujiang.basis import assumed, seen
from pujiang.declare import auxiliary, parameter, series, stock
from pujiang.primitives import safe_divide
from pujiang.priors import lognormal, normal
from pujiang.reported import ratio, reported

initial_technology_contract_value = parameter(
    lognormal(63.0, 0.05),
    "billion_yuan/year",
    "Value of technology contracts at the opening.",
    bounds=(52.0, 76.0),
    basis=seen("59.2 bn in 2014, 66.4 bn in 2015"),
)
contract_research_elasticity = parameter(
    normal(1.0, 0.15),
    "1",
    "Percent of contract value that one percent of research adds.",
    bounds=(0.5, 1.5),
    basis=assumed("contracts are mostly commissioned development"),
)
contract_transfer_elasticity = parameter(
    normal(0.1, 0.05),
    "1",
    "Percent of contract value that one percent of transfers adds.",
    bounds=(0.0, 0.4),
    basis=assumed("institutions' contracts are about a tenth of the value"),
)
registration_weight = parameter(
    normal(1.0, 0.2),
    "1",
    "How much of the assumed course of registration is taken.",
    bounds=(0.2, 1.8),
    basis=assumed("the course is read from jumps in the value itself"),
)
contract_registration = series(
    "1", "Registration of contracts relative to 2015-17: rules of 2018, incentives of 2021-23; administrative."
)


initial_transfers = stock("result/year", "Transfers at the opening, kept for comparison.", initial="transfers")


@auxiliary("billion_yuan/year", reported=reported("integral", "Technology contracts", better="more"))
def technology_contract_value(
    initial_technology_contract_value,
    research_spending,
    initial_research_spending,
    contract_research_elasticity,
    transfers,
    initial_transfers,
    contract_transfer_elasticity,
    contract_registration,
    registration_weight,
):
    """Value of technology contracts as registered."""
    return (
        initial_technology_contract_value
        * (research_spending / initial_research_spending) ** contract_research_elasticity
        * safe_divide(transfers, initial_transfers) ** contract_transfer_elasticity
        * contract_registration**registration_weight
    )


@auxiliary(
    "1",
    reported=reported(
        ratio("technology_contract_value", "gdp"),
        "Technology contracts over GDP",
        short="Contracts over GDP",
        unit="% of GDP",
    ),
)
def technology_contract_intensity(technology_contract_value, gdp):
    """Value of technology contracts over GDP."""
    return technology_contract_value / gdp
