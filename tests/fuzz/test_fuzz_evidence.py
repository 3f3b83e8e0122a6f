"""Is every table of a user's evidence read, or refused in one line, whatever it holds?"""

from pathlib import Path

from hypothesis import strategies as st

KIND = "evidence"
DATA = Path(__file__).parents[1] / "library" / "data"
FILES = {path.name: path.read_bytes() for path in sorted(DATA.iterdir())}

CELLS = ["", "0", "-1", "1e999", "nan", "inf", "1_000", "1,5", "٣", "x" * 1000, "2026", "99999", "=1+1", '"', "\0",
    "\ud800",
         "loans", "fit", "check", "weak", "lognormal", "normal", "poisson", "none", "log", "abs", "ratio", "linear",
         "step",
         "s1;s2", ";", " ", "bananas", "person", "person/year", "1/0", "[]", "true"]  # fmt: skip


def _cell(content: bytes, row: int, column: int, cell: str) -> bytes:
    lines = content.decode().splitlines()
    place = row % len(lines)
    cells = lines[place].split(",")
    cells[column % len(cells)] = cell
    lines[place] = ",".join(cells)
    return ("\n".join(lines) + "\n").encode(errors="surrogatepass")


def _bytes(content: bytes, at: int, cut: int, put: bytes) -> bytes:
    at %= len(content) + 1
    return content[:at] + put + content[at + cut :]


def _lines(content: bytes, order: list[int]) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[place % len(lines)] for place in order)


numbers = st.integers(0, 10_000)
changes = st.one_of(
    st.builds(
        lambda r, c, cell: lambda x: _cell(x, r, c, cell),
        numbers,
        numbers,
        st.sampled_from(CELLS) | st.text(max_size=8),
    ),
    st.builds(lambda r, c, cell: lambda x: _cell(x, r, c, cell), numbers, numbers, st.floats().map(str)),
    st.builds(
        lambda at, cut, put: lambda x: _bytes(x, at, cut, put), numbers, st.integers(0, 60), st.binary(max_size=6)
    ),
    st.builds(lambda order: lambda x: _lines(x, order), st.lists(numbers, max_size=12)),
    st.sampled_from(
        [
            lambda x: b"",
            lambda x: b"\xef\xbb\xbf" + x,
            lambda x: x.replace(b",", b";"),
            lambda x: x.replace(b",", b"\t"),
            lambda x: x.replace(b"\n", b"\r\n"),
            lambda x: x.replace(b"\n", b"\r"),
            lambda x: x + b",,,,,\n" * 5,
            lambda x: x * 2,
            lambda x: x.decode().encode("utf-16"),
            lambda x: x[: len(x) // 2],
            lambda x: x.upper(),
            lambda x: b'"' + x,
            lambda x: x.split(b"\n")[0] + b"\n",
            lambda x: b"a: &a [*a]\n",
            lambda x: b"[" * 10_000,
            lambda x: x + b"\n" * 10_000,
        ]
    ),
)
packs = st.dictionaries(st.sampled_from([*FILES, "inputs.csv", "observations.csv"]), changes, min_size=1, max_size=2)


def test_is_every_pack_answered(cases, ask, command, home) -> None:
    count = 0

    def asked(pack) -> str | None:  # type: ignore[no-untyped-def]
        nonlocal count
        count += 1
        folder = home / "mine"
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        for name, change in pack.items():
            (folder / name).write_bytes(change(FILES[name]))
        words = ["run", "ensemble=0", "output.figures=false"] if count % 4 else ["calibrate"]
        fault = command([*words, "evidence=mine"])
        kept = {path.name: path.read_bytes()[:300] for path in folder.iterdir()}
        return None if fault is None else f"{kept}: {fault}"

    ask(packs, cases, asked)
