"""Reading a file of XMILE or Vensim with PySD's translators: text in, its abstract model out.

What those translators pass over without a word is refused here, by name, before anything is made of it.
"""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pujiang.engine.batch import Method
from pujiang.errors import InputError
from pujiang.exchange import SUFFIXES
from pujiang.exchange.macros import MacroError, without_macros
from pujiang.exchange.names import identifier

VENSIM = frozenset({".mdl"})
XMILE = SUFFIXES - VENSIM

PASSED_OVER = ("conveyor", "queue", "oven", "leak", "overflow", "init_eqn", "module", "macro", "sample")
"""Elements of XMILE that change numbers and that the translators do not see."""

METHODS: Mapping[str, Method] = {"euler": "euler", "rk4": "rk4", "0": "euler", "3": "rk4"}
"""Those there are, by what files call them."""


@dataclass(frozen=True)
class Abstract:
    """A file as PySD's translators give it: its section, and by which method it says it runs."""

    path: Path
    text: str
    section: Any
    method: Method

    @property
    def xmile(self) -> bool:
        """Whether it is XMILE, and not Vensim's format."""
        return self.path.suffix.lower() in XMILE

    def where(self, name: str) -> str:
        """File, line and name, for messages."""
        line = self.line(name)
        return f"{self.path}:{line}: {name}" if line else f"{self.path}: {name}"

    def line(self, name: str) -> int:
        """The line a quantity is defined in; 0 where there is none."""
        return self._lines.get(identifier(name), 0)

    @cached_property
    def _lines(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, line in enumerate(self.text.splitlines(), start=1):
            head = line.partition('name="')[2].partition('"')[0] if self.xmile else re.split("[=(\\[:~]", line)[0]
            found.setdefault(identifier(head), number)
        return found


def abstract(path: Path) -> Abstract:
    """Read a file.

    Raises:
        InputError: one line: the file cannot be read, PySD is not installed, or what in it is not understood.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        allowed = ", ".join(sorted(SUFFIXES))
        raise InputError(f"{path}: no format that can be read goes by '{path.suffix}'; allowed: {allowed}")
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    text = path.read_bytes().decode("utf-8", errors="replace")
    method = _xmile_method(path, text) if suffix in XMILE else _vensim_method(path, text)
    try:
        from pysd.translators.vensim.vensim_file import VensimFile
        from pysd.translators.xmile.xmile_file import XmileFile
    except ImportError:
        raise InputError(
            "reading models of other tools needs PySD's parsers: pip install 'pujiang[exchange]'"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = XmileFile(path) if suffix in XMILE else VensimFile(path)
            if suffix in XMILE:
                for equation in file.xmile_root.iter("{*}eqn"):
                    equation.text = _kept(equation.text or "")
            else:
                file.model_text = _kept(file.model_text)
            file.parse()
            model = file.get_abstract_model()
    except Exception as error:  # its grammar raises whatever the text makes it trip over
        raise InputError(_not_parsed(path, text, " ".join(f"{error}".split()))) from None
    main, *macros = model.sections
    try:
        elements = without_macros(main.elements, macros)
    except MacroError as error:
        raise InputError(f"{path}: {error}") from None
    return Abstract(path, text, replace(main, elements=elements), method)


def _not_parsed(path: Path, text: str, reason: str) -> str:
    """What a grammar trips over, and the line where the first such text stands."""
    known = re.search(r"(?:begins with|match at) '(.+?)'", reason)
    place = -1 if known is None else text.find(known[1].strip())
    if known is None or place < 0:
        return f"{path}: cannot be read: {reason[:200]}"
    return f"{path}:{text.count(chr(10), 0, place) + 1}: '{known[1].strip()}' is not read"


def _kept(text: str) -> str:
    """An equation whose (-2) ^ 2 is written (0-2) ^ 2: the translators drop brackets around numbers."""
    return re.sub(r"\(\s*-\s*([\d.]+(?:[eE][-+]?\d+)?)\s*\)(?=\s*\^)", r"(0-\1)", text)


def _xmile_method(path: Path, text: str) -> Method:
    for tag in PASSED_OVER:
        found = re.search(rf"<{tag}[\s/>]", text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            raise InputError(f"{path}:{line}: <{tag}> is not read")
    if found := re.search(r"<element\b(?:(?!</element>).)*<gf", text, re.S):
        line = text.count("\n", 0, found.end()) + 1
        raise InputError(f"{path}:{line}: a graphical function of one element of an array is not read")
    specs = re.search(r"<sim_specs\b[^>]*\bmethod\s*=\s*[\"']([^\"']*)", text)
    method = "Euler" if specs is None else specs[1].strip()
    if method.lower() not in {"euler", "rk4"}:
        raise InputError(f"{path}: sim_specs: the method is '{method}'; allowed: Euler, RK4")
    return METHODS[method.lower()]


def _vensim_method(path: Path, text: str) -> Method:
    """The integration type stands first in line 15 of the settings: 0 is Euler's, 3 Runge-Kutta with fixed steps."""
    setting = re.search(r"^15:(\d)", text, re.M)
    kind = "0" if setting is None else setting[1]
    if kind not in {"0", "3"}:
        raise InputError(f"{path}: the integration type is {kind}; allowed: 0 (Euler), 3 (RK4 with fixed steps)")
    return METHODS[kind]
