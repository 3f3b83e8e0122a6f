"""What part of China's papers in Cell, Nature and Science does Shanghai write?

Its share rises with the science the city completes, frontier research weighing more, and falls as science
elsewhere in China grows. Nothing depends on it: it is how basic research shows. Evidence: 32, 29.8, 28.8 and
26.2 % in 2020-23, some hundred papers a year, so single years are known to two or three points; there is no
upward trend.
"""

from pujiang.declare import auxiliary, flow, logitnormal, normal, parameter, stock

opening_cns_paper_share = parameter(
    0.34,
    "1",
    "Shanghai's share of China's papers in Cell, Nature and Science at 2015.0.",
    bounds=(0.2, 0.5),
    prior=logitnormal(0.34, 0.04),
    source="assumed: a little above the 32 % of 2020",
)
cns_science_elasticity = parameter(
    0.35,
    "1",
    "Response of the share to Shanghai's science against that of China.",
    bounds=(0.05, 1.0),
    prior=normal(0.35, 0.1),
    source="assumed: journals' space is fixed, teams elsewhere publish with Shanghai's",
)
national_science_growth = parameter(
    0.105,
    "1/year",
    "Growth of science completed elsewhere in China, in constant prices.",
    bounds=(0.04, 0.18),
    prior=normal(0.105, 0.02),
    source="seen: national basic research grew 10.5 % in 2024, faster in the years before",
)

national_science = stock(unit="1", initial=1, doc="Science completed elsewhere in China, relative to 2015.")


@flow("1/year", into=national_science)
def national_science_change(national_science, national_science_growth):
    """Science elsewhere grows."""
    return national_science * national_science_growth


@auxiliary("1")
def relative_science_creation(
    scientific_knowledge_creation,
    opening_scientific_knowledge,
    opening_real_growth,
    scientific_knowledge_depreciation,
):
    """Science completed in a year relative to 2015, frontier research weighted by its yield."""
    return scientific_knowledge_creation / (
        opening_scientific_knowledge * (opening_real_growth + scientific_knowledge_depreciation)
    )


@auxiliary("1", annual="mean")
def cns_paper_share(opening_cns_paper_share, relative_science_creation, national_science, cns_science_elasticity):
    """Shanghai's share of China's papers in Cell, Nature and Science."""
    return opening_cns_paper_share * (relative_science_creation / national_science) ** cns_science_elasticity
