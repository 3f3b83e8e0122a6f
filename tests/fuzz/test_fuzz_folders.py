"""Is a damaged folder of a run, sweep, fit or study told in one line, whatever the damage and whoever reads it?"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from hypothesis import strategies as st

from pujiang.results.record import MANIFEST, file_names, sha256

KIND = "folders"

WRONG: list[Any] = [
    None, True, 0, -1, 1e400, 3.5, "", "x", "a\0b", "\ud800", "x" * 5000, [], [1], [[]], {}, {"a": 1},
    {"a": {"b": []}},
    ["baseline", "baseline"], {"annual.nc": 5}, {"../../x": "y"}, "sweep", "calibration", "sensitivity",
]  # fmt: skip
BYTES = [
    b"",
    b"\0",
    b"{}",
    b"[]",
    b"null",
    b"5",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"a":' * 5000,
    b"a: &a [*a]\n",
    b"CDF\x01",
    b"\x89HDF\r\n",
]

Damage = Callable[[Path], None]


def _put(content: bytes) -> Damage:
    def damage(file: Path) -> None:
        file.write_bytes(content)

    return damage


def _cut(share: float) -> Damage:
    return lambda file: _put(file.read_bytes()[: int(share * file.stat().st_size)])(file)


def _flip(at: int, put: bytes) -> Damage:
    def damage(file: Path) -> None:
        content = file.read_bytes()
        place = at % (len(content) + 1)
        file.write_bytes(content[:place] + put + content[place + len(put) :])

    return damage


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _value(number: int, value: Any) -> Damage:
    """Another value somewhere in a JSON file."""

    def damage(file: Path) -> None:
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            return _flip(number, b"x")(file)
        places: list[tuple[Any, Any]] = []

        def walk(part: Any) -> None:
            for key in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
                places.append((part, key))
                walk(part[key])

        walk(content)
        if places:
            owner, key = places[number % len(places)]
            if value == "gone" and isinstance(owner, dict):
                del owner[key]
            else:
                owner[key] = value
        file.write_text(json.dumps(content, ensure_ascii=True), encoding="utf-8")
        return None

    return damage


def _line(number: int, text: str) -> Damage:
    """Another value in a line of a text file."""

    def damage(file: Path) -> None:
        lines = file.read_bytes().decode("utf-8", "replace").split("\n")
        place = number % len(lines)
        head = lines[place].partition(":")[0] if ":" in lines[place] else lines[place].rpartition(",")[0]
        lines[place] = f"{head}{':' if ':' in lines[place] else ','} {text}"
        file.write_text("\n".join(lines), encoding="utf-8", errors="replace")

    return damage


def _netcdf(kind: str, number: int) -> Damage:
    """Another netCDF file: something renamed, doubled or of another type."""

    def damage(file: Path) -> None:
        if file.suffix != ".nc":
            return _flip(number, b"\0\0")(file)
        with netCDF4.Dataset(file, "a") as data:
            names = list(data.variables)
            name = names[number % len(names)]
            dims = list(data.dimensions)
            dim = dims[number % len(dims)]
            if kind == "renamed variable":
                data.renameVariable(name, "renamed")
            elif kind == "renamed dimension":
                data.renameDimension(dim, "renamed")
            elif kind == "doubled label" and dim in data.variables and data.dimensions[dim].size > 1:
                data[dim][1] = data[dim][0]
            elif kind == "no numbers" and data[name].dtype.kind == "f":
                data[name][...] = np.nan
            elif kind == "attribute":
                for attribute in data[name].ncattrs():
                    data[name].setncattr(attribute, 5)
            elif kind == "presentation":
                data.setncattr(
                    "presentation",
                    ["{", "[]", "5", '{"goals": [1]}', '{"shown": {"loans": {}}}', '{"x": 1}'][number % 6],
                )
            elif kind == "extra":
                data.createDimension("more", 2)
                data.createVariable("more", str, ("more",))
        return None

    return damage


damages = st.one_of(
    st.just(lambda file: file.unlink()),
    st.just(_folder),
    st.sampled_from(BYTES).map(_put),
    st.floats(0, 0.99).map(_cut),
    st.builds(_flip, st.integers(0, 10**6), st.binary(min_size=1, max_size=8)),
    st.builds(_value, st.integers(0, 400), st.sampled_from([*WRONG, "gone", "gone"])),
    st.builds(_value, st.integers(0, 400), st.sampled_from([*WRONG, "gone", "gone"])),
    st.builds(_line, st.integers(0, 200), st.sampled_from(["", "x", "[]", "{}", "-1", ".nan", "*a", "'", "2026",
    "1e400", "[1, 2]"])),
    st.builds(
        _netcdf,
        st.sampled_from(
            ["renamed variable", "renamed dimension", "doubled label", "no numbers", "attribute", "presentation",
                "extra"]
        ),
        st.integers(0, 60),
    ),
)  # fmt: skip
FOLDERS = ("run", "run", "grid", "sample", "fit", "study", "partial")
READERS = {
    "show": ["show", "{}"],
    "compare": ["compare", "{}", "{}:baseline"],
    "report": ["report", "{}"],
    "list": ["list", "runs", "--folder", "copy"],
    "from": ["run", "--from", "{}"],
    "fit": ["run", "fit={}", "ensemble=1", "output.figures=false"],
    "again": ["sweep", "--from", "{}"],
    "resume": ["sweep", "--resume", "{}"],
    "sensitivity": ["sensitivity", "{}", "methods=[tornado]"],
    "latest": ["show", "--folder", "copy"],
}
MEANT = {
    "run": ("show", "compare", "report", "list", "from", "sensitivity", "latest"),
    "grid": ("show", "compare", "list", "again", "sensitivity", "latest"),
    "sample": ("show", "compare", "report", "list", "again", "sensitivity"),
    "fit": ("show", "list", "fit", "latest"),
    "study": ("show", "list", "latest"),
    "partial": ("resume", "resume", "list", "show"),
}
readers = st.sampled_from(FOLDERS).flatmap(
    lambda kind: st.tuples(st.just(kind), st.sampled_from(MEANT[kind]) | st.sampled_from(list(READERS)))
)
# Now and then the manifest agrees with the damage: whoever made it may have made both.
cases_of = st.tuples(readers, st.integers(0, 10**6), damages, st.booleans())


def test_is_every_damaged_folder_told(cases, ask, command, home, made) -> None:
    def asked(case: Any) -> str | None:
        (kind, reader), number, damage, agrees = case
        shutil.rmtree(home / "copy", ignore_errors=True)
        folder = home / "copy" / made[kind].name
        shutil.copytree(made[kind], folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        own = [
            path
            for path in files
            if path.suffix in (".json", ".yaml", ".nc", ".csv") and "annual.zarr" not in path.parts
        ]
        file = own[number % len(own)] if number % 3 else files[number % len(files)]
        damage(file)
        if agrees and file.name != MANIFEST and (folder / MANIFEST).is_file():
            record = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            record["files"] = {name: sha256(folder / name) for name in file_names(folder)}
            (folder / MANIFEST).write_text(json.dumps(record), encoding="utf-8")
        fault = command([word.format(folder) for word in READERS[reader]])
        return None if fault is None else f"{file.relative_to(folder)} ({agrees=}): {fault}"

    ask(cases_of, cases, asked)
