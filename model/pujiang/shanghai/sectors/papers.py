"""What part of China's papers in Cell, Nature and Science does Shanghai write?

Its share rises with the science the city completes, frontier research weighing more, and falls as science
elsewhere in China grows. Nothing depends on it: it is how basic research shows. Evidence: 32, 29.8, 28.8 and
26.2 % in 2020-23, some hundred papers a year, so single years are known to two or three points; there is no
upward trend.
"""

from pujiang.basis import assumed, seen
from pujiang.declare import auxiliary, flow, parameter, stock
from pujiang.priors import logitnormal, normal
from pujiang.reported import reported

initial_cns_paper_share = parameter(
    logitnormal(0.34, 0.04),
    "1",
    "Shanghai's share of China's papers in Cell, Nature and Science at 2015.0.",
    bounds=(0.2, 0.5),
    basis=assumed("a little above the 32 % of 2020", hindsight=2020),
)
cns_science_elasticity = parameter(
    0.35,
    "1",
    "Response of the share to Shanghai's science against that of China.",
    bounds=(0.05, 1.0),
    basis=assumed("journals' space is fixed, teams elsewhere publish with Shanghai's"),
)
national_science_growth = parameter(
    normal(0.105, 0.02),
    "1/year",
    "Growth of science completed elsewhere in China, in constant prices.",
    bounds=(0.04, 0.18),
    basis=seen("national basic research grew 10.5 % in 2024, faster in the years before", hindsight=2024),
)

national_science = stock("1", "Science completed elsewhere in China, relative to 2015.", initial=1)


@flow("1/year", into=national_science)
def national_science_change(national_science, national_science_growth):
    """Science elsewhere grows."""
    return national_science * national_science_growth


@auxiliary("1")
def relative_science_creation(
    scientific_knowledge_creation,
    initial_scientific_knowledge,
    initial_real_growth,
    scientific_knowledge_depreciation,
):
    """Science completed in a year relative to 2015, frontier research weighted by its yield."""
    return scientific_knowledge_creation / (
        initial_scientific_knowledge * (initial_real_growth + scientific_knowledge_depreciation)
    )


@auxiliary(
    "1", reported=reported("mean", "Papers in Cell, Nature and Science", short="CNS papers", unit="% of China's")
)
def cns_paper_share(initial_cns_paper_share, relative_science_creation, national_science, cns_science_elasticity):
    """Shanghai's share of China's papers in Cell, Nature and Science."""
    return initial_cns_paper_share * (relative_science_creation / national_science) ** cns_science_elasticity
