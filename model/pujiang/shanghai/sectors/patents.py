"""Invention patents: applications, grants and patents in force.

Applications follow applied knowledge created; after two and a half years of examination a share is granted,
and patents in force lapse at a rate that is an input. Applications tell most about knowledge: the jump in
patents in force of 2021-23 is examination and renewal, not more knowledge. Nothing leads back into the model.
"""

from pujiang.basis import by_definition, derived, recalled, seen
from pujiang.declare import constant, flow, initial, parameter, series, stock, unit
from pujiang.primitives import exp, where
from pujiang.priors import lognormal, normal
from pujiang.reported import reported

application = unit("application", "Applications for invention patents.")
patent = unit("patent", "Invention patents.")

initial_patent_propensity = parameter(
    lognormal(640.0, 0.15),
    "application/billion_yuan_2015",
    "Applications per unit of applied knowledge created, at the opening.",
    bounds=(350.0, 1100.0),
    start=620.0,
    basis=seen(
        "450-520 applications per bn of research, 2015-23, over knowledge created per bn of research", hindsight=2023
    ),
)
patent_propensity_growth = parameter(
    normal(0.015, 0.015),
    "1/year",
    "Growth of applications per unit of knowledge created, to the end of 2025.",
    bounds=(-0.03, 0.07),
    start=0.02,
    basis=recalled(
        "Hu, Zhang and Zhao 2017, applications outgrew research in China; it stops, since goals for numbers have ended"
    ),
)
grant_share = parameter(
    lognormal(0.46, 0.1),
    "patent/application",
    "Share of applications that are granted.",
    bounds=(0.3, 0.65),
    basis=seen("grants .41-.51 of applications two and a half years before"),
)
grant_lag = parameter(
    lognormal(2.5, 0.1),
    "year",
    "Mean time from application to grant or refusal.",
    bounds=(1.5, 3.6),
    basis=recalled("examination of about two years plus publication"),
)
patent_lapse_later = parameter(
    0.035,
    "1/year",
    "Share of invention patents in force that lapse in a year from 2026 on, but for chance.",
    basis=derived("7.3 % in 2015 to 2.4 % in 2023; the many patents of 2021-23 come to be reviewed for renewal"),
)
patent_lapse_rate = series("1/year", "Share of invention patents in force that lapse in a year.")

# Applications

patent_propensity = stock(
    "application/billion_yuan_2015",
    "Applications per unit of applied knowledge created.",
    initial="initial_patent_propensity",
)


@flow("application/billion_yuan_2015/year", into=patent_propensity)
def patent_propensity_change(patent_propensity, patent_propensity_growth, projecting):
    """Drift of the propensity in history; none after."""
    return (1 - projecting) * patent_propensity_growth * patent_propensity


# Examination: three stages of equal length, started from what was filed before the opening

examination_stages = constant(3.0, "1", "Stages of examination.", basis=by_definition("third-order delay"))
filed_within_a_year = parameter(
    39500.0,
    "application/year",
    "Applications a year that are in the first stage of examination at the opening.",
    basis=seen("39,133 applications in 2014, and 46,976 in 2015"),
)
filed_a_year_ago = parameter(
    39150.0,
    "application/year",
    "Applications a year that are in the second stage at the opening.",
    basis=seen("39,157 applications in 2013 and 39,133 in 2014"),
)
filed_two_years_ago = parameter(
    37900.0,
    "application/year",
    "Applications a year that are in the third stage at the opening.",
    basis=seen("37,139 applications in 2012 and 39,157 in 2013"),
)
initial_patents_in_force = parameter(
    56515.0, "patent", "Invention patents in force at the opening.", basis=seen("end of 2014")
)

first_examination = stock("application", "Applications in the first third of examination.", conserved="applications")
second_examination = stock("application", "Applications in the second third of examination.", conserved="applications")
third_examination = stock("application", "Applications in the last third of examination.", conserved="applications")
invention_patents_in_force = stock(
    "patent",
    "Invention patents in force.",
    initial="initial_patents_in_force",
    reported=reported("end", "Invention patents in force", short="Patents in force", unit="1,000 patents"),
)


@initial(first_examination)
def initial_first_examination(filed_within_a_year, grant_lag, examination_stages):
    """What was filed last, over one stage."""
    return filed_within_a_year * grant_lag / examination_stages


@initial(second_examination)
def initial_second_examination(filed_a_year_ago, grant_lag, examination_stages):
    """What was filed before that, over one stage."""
    return filed_a_year_ago * grant_lag / examination_stages


@initial(third_examination)
def initial_third_examination(filed_two_years_ago, grant_lag, examination_stages):
    """What was filed first, over one stage."""
    return filed_two_years_ago * grant_lag / examination_stages


@flow(
    "application/year",
    into=first_examination,
    reported=reported("integral", "Invention patent applications", short="Patent applications", unit="1,000 a year"),
)
def invention_patent_applications(patent_propensity, applied_knowledge_creation):
    """Applications for invention patents."""
    return patent_propensity * applied_knowledge_creation


@flow("application/year", out_of=first_examination, into=second_examination)
def first_examination_done(first_examination, grant_lag, examination_stages):
    """Applications that pass into the second stage."""
    return first_examination * examination_stages / grant_lag


@flow("application/year", out_of=second_examination, into=third_examination)
def second_examination_done(second_examination, grant_lag, examination_stages):
    """Applications that pass into the third stage."""
    return second_examination * examination_stages / grant_lag


@flow("application/year", out_of=third_examination)
def applications_decided(third_examination, grant_lag, examination_stages):
    """Applications granted, refused or withdrawn."""
    return third_examination * examination_stages / grant_lag


@flow(
    "patent/year",
    into=invention_patents_in_force,
    reported=reported("integral", "Invention patents granted", short="Patent grants", unit="1,000 a year"),
)
def invention_patent_grants(grant_share, applications_decided):
    """Invention patents granted."""
    return grant_share * applications_decided


@flow("patent/year", out_of=invention_patents_in_force)
def patent_lapses(invention_patents_in_force, patent_lapse_rate, projecting, patent_lapse_later, lapse_ahead):
    """Patents not renewed or expired; from 2026 on the rate is a prior."""
    return where(projecting, patent_lapse_later, patent_lapse_rate) * exp(lapse_ahead) * invention_patents_in_force
