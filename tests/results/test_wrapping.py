"""Do lines break where a reader expects it, in Latin and in Chinese?"""

from pujiang.results.figures.style import width_of
from pujiang.results.wrapping import wrapped


def test_a_number_keeps_its_per_cent_sign_and_a_hyphen_its_word() -> None:
    assert wrapped("it is venture-backed by 66 % of it", 20) == ["it is venture-backed", "by 66 % of it"]
    assert wrapped("what is left is 66 % of it", 18) == ["what is left is", "66 % of it"]


def test_chinese_breaks_between_letters_but_never_before_a_stop() -> None:
    lines = wrapped("蓝色增大差别，橙色减小差别。方框：经过的份额，已减去 5 % 的部分。", 14, indent="  ")
    assert "".join(line.strip() for line in lines).replace(" ", "") == (
        "蓝色增大差别，橙色减小差别。方框：经过的份额，已减去5%的部分。"
    )
    assert not [line for line in lines if line.strip()[0] in "，。"]
    assert max(width_of(line) for line in lines) <= 16  # a stop may hang
    assert all(line.startswith("  ") for line in lines[1:])


def test_nothing_is_no_line() -> None:
    assert wrapped("", 20) == []
