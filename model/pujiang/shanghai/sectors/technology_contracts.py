"""Technology contracts of the whole city, as registered.

Contracts follow research and transfers; how many of them are registered is administrative (rules of 2018,
incentives of 2021-23) and an input. Nothing leads back from here into the model.
"""

from pujiang.declare import auxiliary, lognormal, normal, parameter, series, stock
from pujiang.primitives import safe_divide

initial_technology_contract_value = parameter(
    63.0,
    "billion_yuan/year",
    "Value of technology contracts at the opening.",
    bounds=(52.0, 76.0),
    prior=lognormal(63.0, 0.05),
    source="seen: 59.2 bn in 2014, 66.4 bn in 2015",
)
contract_research_elasticity = parameter(
    1.0,
    "1",
    "Percent of contract value that one percent of research adds.",
    bounds=(0.5, 1.5),
    prior=normal(1.0, 0.15),
    source="assumed: contracts are mostly commissioned development",
)
contract_transfer_elasticity = parameter(
    0.1,
    "1",
    "Percent of contract value that one percent of transfers adds.",
    bounds=(0.0, 0.4),
    prior=normal(0.1, 0.05),
    source="assumed: institutions' contracts are about a tenth of the value",
)
registration_weight = parameter(
    1.0,
    "1",
    "How much of the assumed course of registration is taken.",
    bounds=(0.2, 1.8),
    prior=normal(1.0, 0.2),
    source="assumed: the course is read from jumps in the value itself",
)
contract_registration = series(
    "1",
    "Registration of contracts relative to 2015-17: rules of 2018, incentives of 2021-23; administrative.",
)


opening_transfers = stock(unit="result/year", doc="Transfers at the opening, kept for comparison.", initial="transfers")


@auxiliary("billion_yuan/year", annual="integral")
def technology_contract_value(
    initial_technology_contract_value,
    research_spending,
    opening_research_spending,
    contract_research_elasticity,
    transfers,
    opening_transfers,
    contract_transfer_elasticity,
    contract_registration,
    registration_weight,
):
    """Value of technology contracts as registered."""
    return (
        initial_technology_contract_value
        * (research_spending / opening_research_spending) ** contract_research_elasticity
        * safe_divide(transfers, opening_transfers) ** contract_transfer_elasticity
        * contract_registration**registration_weight
    )
