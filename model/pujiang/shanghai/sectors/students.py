"""How many people leave Shanghai's universities with a degree in science or engineering?

Enrolment grows at its trend, or at what a scenario sets; students pass through three stages of study, so that
more places bring more graduates only after years. Evidence: 236,000 graduates of all subjects in 2023; the
part in science and engineering is a prior (a figure of 150,000 in circulation is implausible).
"""

from pujiang.basis import assumed, by_definition, recalled
from pujiang.declare import auxiliary, constant, flow, initial, lever, parameter, stock
from pujiang.primitives import where
from pujiang.priors import lognormal, normal
from pujiang.reported import reported

stem_enrolment_growth = lever(
    "1/year",
    "Growth of enrolment in science and engineering; not set, it follows its trend.",
    default=None,
    label="Growth of STEM enrolment",
    bounds=(-0.3, 0.3),
    why="More places bring graduates only after three stages of study; then more researchers spread over the same "
    "money, which relieves scarcity and raises the yield of research a little.",
    shown_at=0.06,
    basis=assumed("enrolment plans"),
)

initial_graduates = parameter(
    lognormal(90e3, 0.2),
    "person/year",
    "Graduates in science and engineering a year at the opening.",
    bounds=(45e3, 170e3),
    basis=assumed(
        "about 100,000 of 236,000 graduates of 2023; a figure of 150,000 in circulation is implausible", hindsight=2023
    ),
)
graduate_growth = parameter(
    normal(0.02, 0.01),
    "1/year",
    "Trend growth of enrolment, and so of graduates, in science and engineering.",
    bounds=(-0.02, 0.06),
    basis=assumed("enrolment plans"),
)
study_time = parameter(
    4.5,
    "year",
    "Mean time from enrolment to the degree with which a graduate starts work.",
    bounds=(3.5, 6.5),
    basis=recalled("four years to a first degree, about a third stay for a second"),
)
study_stages = constant(3.0, "1", "Stages of study.", basis=by_definition("third order: three explicit stocks"))

stem_enrolment = stock("person/year", "Students who enrol in science and engineering a year.")
students_early = stock("person", "Students in the first third of their study.", conserved="students")
students_midway = stock("person", "Students in the second third of their study.", conserved="students")
students_final = stock("person", "Students in the last third of their study.", conserved="students")


@auxiliary("year")
def study_stage_time(study_time, study_stages):
    """Time a student spends in each stage."""
    return study_time / study_stages


@initial(students_final)
def initial_students_final(initial_graduates, study_stage_time):
    """As many as the graduates of the opening come from."""
    return initial_graduates * study_stage_time


@initial(students_midway)
def initial_students_midway(students_final, graduate_growth, study_stage_time):
    """In growth, each stage holds more than the next."""
    return students_final * (1 + graduate_growth * study_stage_time)


@initial(students_early)
def initial_students_early(students_midway, graduate_growth, study_stage_time):
    """In growth, each stage holds more than the next."""
    return students_midway * (1 + graduate_growth * study_stage_time)


@initial(stem_enrolment)
def initial_stem_enrolment(students_early, graduate_growth, study_stage_time):
    """What keeps the first stage growing."""
    return students_early * (1 / study_stage_time + graduate_growth)


@flow("person/year^2", into=stem_enrolment)
def stem_enrolment_change(stem_enrolment, stem_enrolment_growth, stem_enrolment_growth_set, graduate_growth):
    """Enrolment grows at its trend, or as decided."""
    return stem_enrolment * where(stem_enrolment_growth_set, stem_enrolment_growth, graduate_growth)


stem_enrolment_trend = stock(
    unit="person/year", initial="stem_enrolment", doc="Enrolment as it would be at its trend, for comparison."
)


@flow("person/year^2", into=stem_enrolment_trend)
def stem_enrolment_trend_change(stem_enrolment_trend, graduate_growth):
    """The trend of enrolment."""
    return stem_enrolment_trend * graduate_growth


@auxiliary("person/year")
def stem_enrolment_added(stem_enrolment, stem_enrolment_trend):
    """Enrolment beyond its trend."""
    return stem_enrolment - stem_enrolment_trend


@flow("person/year", into=students_early)
def stem_entrants(stem_enrolment):
    """Students who enrol."""
    return stem_enrolment


@flow("person/year", out_of=students_early, into=students_midway)
def students_past_first_stage(students_early, study_stage_time):
    """Students past the first third of their study."""
    return students_early / study_stage_time


@flow("person/year", out_of=students_midway, into=students_final)
def students_past_second_stage(students_midway, study_stage_time):
    """Students past the second third of their study."""
    return students_midway / study_stage_time


@flow(
    "person/year",
    out_of=students_final,
    reported=reported("integral", "Graduates in science and engineering", short="STEM graduates", unit="1,000 a year"),
)
def graduates(students_final, study_stage_time):
    """Graduates in science and engineering."""
    return students_final / study_stage_time


@auxiliary(
    "person",
    reported=reported("mean", "Students in science and engineering", short="STEM students", unit="1,000 persons"),
)
def stem_students(students_early, students_midway, students_final):
    """Students in science and engineering."""
    return students_early + students_midway + students_final
