"""Is what another model makes of a difference told apart from what was set?"""

from types import SimpleNamespace

import pytest

import pujiang
from pujiang.api.model import Model
from pujiang.cli import main
from pujiang.declare import assumed, auxiliary, lever, reported
from pujiang.errors import InputError


def a_lever() -> object:
    return lever("1", "A lever.", default=0.0, bounds=(0, 9), basis=assumed("test"))


def of(**declared: object) -> Model:
    return Model(sectors=(SimpleNamespace(**declared, __name__="made"),), data=None, configs=None)


@pytest.fixture
def old() -> Model:
    """y = 1 + a."""

    @auxiliary("1", reported=reported("mean"))
    def y(a):
        """An outcome."""
        return 1 + a

    return of(a=a_lever(), y=y)


@pytest.fixture
def new() -> Model:
    """y = 2 (1 + a) + c, and a further outcome."""

    @auxiliary("1", reported=reported("mean"))
    def y(a, c):
        """An outcome."""
        return 2 * (1 + a) + c

    @auxiliary("1", reported=reported("mean"))
    def z(a):
        """Reported by this one alone."""
        return 2 * a

    return of(a=a_lever(), c=a_lever(), y=y, z=z)


def test_the_model_is_a_difference_beside_what_was_set(old: Model, new: Model) -> None:
    tree = old.explain({"levers": {"a": 0}}, {"levers": {"a": 3, "c": 5}}, other=new)
    parts = tree["levers"].y.sel(member=0, year=2030).to_series().to_dict()
    # 1 (1 + 0) to 2 (1 + 3) + 5: the lever c goes with the model, which alone knows it.
    assert parts == pytest.approx({"a": (3 + 6) / 2, "model": (6 + 9) / 2})
    assert list(tree["levers"].data_vars) == ["y"]
    assert tree["levers"]["kind"].values.tolist() == ["lever", "model"]
    assert tree["annual"].y.sel(year=2030, member=0).values.tolist() == [1.0, 13.0]
    assert "pathways" not in tree.children


def test_one_case_on_two_models_differs_by_the_model_alone(old: Model, new: Model) -> None:
    tree = old.explain({"levers": {"a": 1}}, other=new)
    assert tree["levers"].y.sel(member=0, year=2030).to_series().to_dict() == {"model": 2.0}


def test_the_model_can_be_in_a_group(old: Model, new: Model) -> None:
    cases = {"levers": {"a": 0}}, {"levers": {"a": 3}}
    tree = old.explain(*cases, other=new, group={"all": ["a", "model"]})
    assert tree["levers"].y.sel(member=0, year=2030).to_series().to_dict() == {"all": 7.0}


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"ensemble": 5}, "members of two models have nothing in common"), ({"hold": ["y"]}, "can be held at its course")],
)
def test_what_two_models_cannot_be_asked_is_refused(old: Model, new: Model, asked, said: str) -> None:
    with pytest.raises(InputError, match=said):
        old.explain(other=new, **asked)


def test_two_files_of_other_tools_are_explained(tmp_path, monkeypatch, capsys) -> None:
    text = """{UTF-8}
stock= INTEG (flow, 10) ~ firm ~ |
flow= rate * stock ~ firm/Year ~ |
rate= %s ~ 1/Year ~ |
INITIAL TIME = 2020 ~ Year ~ |
FINAL TIME = 2030 ~ Year ~ |
TIME STEP = 0.125 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""
    monkeypatch.chdir(tmp_path)
    for name, rate in {"old": 0.1, "new": 0.2}.items():
        (tmp_path / f"{name}.mdl").write_text(text % rate, encoding="utf-8")
    assert main(["explain", "model=old.mdl", "model=new.mdl", "--outcome", "stock"]) == 0
    out = capsys.readouterr().out
    assert "All of it comes from the model." in " ".join(out.split())
    assert pujiang.Model("old.mdl").system.outcomes
    assert main(["explain", "model=old.mdl", "model=new.mdl", "--variable", "flow", "--out", "why"]) == 2
    assert "not followed from model to model" in capsys.readouterr().err


def test_what_is_no_number_is_said_in_one_line(old: Model) -> None:
    @auxiliary("1", reported=reported("mean"))
    def y(a):
        """Infinite where a is 0."""
        return (a + 1) / a

    broken = of(a=a_lever(), y=y)
    with pytest.warns(UserWarning, match="y: no finite number") as caught:
        broken.explain({"levers": {"a": 1}}, ensemble=0)
    assert "\n" not in str(caught[0].message)
