"""Run folders: built under a temporary name, renamed when whole, checked when read.

A run is `<folder>/<id>/` with a manifest. While it is built it is called `<id>.partial`, so that whatever was
killed half-way never counts as a run.
"""

import errno
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.annotations import checked
from pujiang.errors import InputError
from pujiang.labelled import Tree, in_xarray
from pujiang.reading import damaged, read_text
from pujiang.results.cf import MADE_WITH, from_cf, in_cf
from pujiang.results.checked import check_tree
from pujiang.results.finding import LATEST as LATEST
from pujiang.results.finding import PARTIAL as PARTIAL
from pujiang.results.finding import find as find
from pujiang.results.finding import holds_scenarios as holds_scenarios
from pujiang.results.finding import latest as latest
from pujiang.results.finding import runs as runs
from pujiang.results.levels import error_of, levels
from pujiang.results.netcdf import read_netcdf, write_netcdf
from pujiang.results.places import NO_ROOM, at_url, fetch_run, is_url
from pujiang.results.record import (
    MANIFEST,
    UNFINISHED,
    certificate_of,
    config_of,
    file_names,
    manifest,
    manifest_in,
    sha256,
    text_hash,
    to_json,
)
from pujiang.values import path as path_of

if TYPE_CHECKING:
    import xarray as xr

    from pujiang.evidence import Observation

ID_TIME = "%Y%m%dT%H%M%SZ"
# What two runs of one configuration need not share: the record of the occasion.
OCCASION = (MANIFEST, "run.log")
# Parts of a tree that a run may have.
OPTIONAL = ("parameters", "model_error", "uncertainty")


# --- building ---------------------------------------------------------------------------------------------


@contextmanager
def building(folder: Path, keep: Callable[[Path], bool] = lambda partial: False) -> Iterator[Path]:
    """A new `<id>.partial` below `folder` to put files into; `finish` makes it a run.

    Where the block fails, or ends without `finish`, nothing is left behind, unless `keep` says of the folder
    that it can be resumed. Enter it before the work starts, and a folder that cannot be written is
    found before time is spent. Raises InputError naming the folder.
    """
    path_of(folder, "folder")
    made: list[Path] = []
    try:
        with one_line(folder):
            made += [path for path in (folder, *folder.parents) if not path.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            partial = _reserve(folder)
        try:
            with one_line(folder):
                yield partial
        finally:
            if not keep(partial):
                shutil.rmtree(partial, ignore_errors=True)
    finally:
        for path in made:  # only what is empty goes
            with suppress(OSError):
                path.rmdir()


def finish(partial: Path, facts: Mapping[str, Any], elsewhere: Mapping[str, str] | None = None) -> Path:
    """Write the manifest, give the folder its final name and make it the latest; the run's path.

    Args:
        facts: what the caller knows of the run (model_hash, data_hash, seed, argv, engine, parent, ...).
        elsewhere: the checksums of files of the run that lie elsewhere.
    """
    name = partial.stem
    started = datetime.strptime(name.partition("-")[0], ID_TIME).replace(tzinfo=UTC)
    times = {"started": started.isoformat(), "finished": datetime.now(UTC).isoformat(timespec="seconds")}
    record = {"id": name, **times, **facts}
    _write_text(partial / MANIFEST, to_json(manifest(partial, record, elsewhere)))
    return settle(partial)


def settle(partial: Path) -> Path:
    """Give a folder that has its manifest its final name and make it the latest; the run's path."""
    run = partial.with_suffix("")
    shutil.rmtree(partial / UNFINISHED, ignore_errors=True)
    partial.rename(run)
    _point_latest(run)
    return run


def fill(
    partial: Path,
    tree: "Tree | xr.DataTree",
    *,
    config_yaml: str,
    certificate: Mapping[str, Any],
    observations: "Iterable[Observation]" = (),
    figures: bool = True,
    log_lines: Sequence[str] = (),
) -> None:
    """Put every file of a run but the manifest into a folder under construction.

    `tree` has /annual and /trajectories, and may have /parameters, the value of each parameter in each member,
    /model_error, the errors of the model that levels carry, and /uncertainty, what makes levels uncertain.
    `observations` are drawn into the figures. Two calls with the same tree, configuration and certificate give
    the same bytes in every file but run.log.
    """
    from pujiang.results.summary import iamc_csv, summary_csv

    annual: Any = tree["annual"].to_dataset()
    trajectories = tree["trajectories"].to_dataset()
    reached = levels(annual, error_of(tree))
    _write_text(partial / "config.yaml", config_yaml)
    _write_text(partial / "certificate.json", to_json(certificate))
    facts = {**{key: tree.attrs[key] for key in MADE_WITH if key in tree.attrs}, "config_hash": text_hash(config_yaml)}
    write_netcdf(partial / "annual.nc", in_cf(annual, facts))
    write_netcdf(partial / "trajectories.nc", in_cf(trajectories, facts))
    for name in OPTIONAL:
        if name in tree.children:
            write_netcdf(partial / f"{name}.nc", in_cf(tree[name].to_dataset(), facts))
    _write_text(partial / "summary.csv", summary_csv(reached))
    _write_text(partial / "iamc.csv", iamc_csv(reached))
    if figures:
        from pujiang.results.figures import write_figures

        failed, language = not certificate.get("passed", False), _language(config_yaml)
        titles = scenario_titles(config_yaml)
        write_figures(
            annual,
            partial / "figures",
            observations,
            reached=reached,
            variance=tree["uncertainty"].to_dataset() if "uncertainty" in tree.children else None,
            titles=titles,
            failed=failed,
            language=language,
        )
    _write_text(partial / "run.log", "".join(f"{line}\n" for line in log_lines))


def _language(config_yaml: str) -> str:
    """The language of the figures, as a run's configuration has it."""
    return str(config_of(config_yaml, "config.yaml").get("output", {}).get("lang", "en"))


def scenario_titles(config_yaml: str) -> dict[str, str]:
    """What the configuration says each scenario but the baseline is, changes included."""
    listed = config_of(config_yaml, "config.yaml").get("scenarios", ()) if config_yaml else ()
    return {s["name"]: s["title"] for s in listed if s.get("title") and s["name"] != "baseline"}


def run_facts(
    config_yaml: str, certificate: Mapping[str, Any], facts: Mapping[str, Any], tree: "Tree | xr.DataTree"
) -> dict[str, Any]:
    """The caller's facts and those that follow from the files."""
    annual = tree["annual"].to_dataset()
    return {
        "config_hash": text_hash(config_yaml),
        "certificate_passed": bool(certificate.get("passed", False)),
        "scenarios": annual["scenario"].to_numpy().tolist(),
        "titles": scenario_titles(config_yaml),
        "members": int(annual.sizes["member"]),
        **facts,
    }


def _reserve(folder: Path) -> Path:
    """Make a `<id>.partial` nobody else has."""
    while True:
        name = f"{datetime.now(UTC):{ID_TIME}}-{secrets.token_hex(2)}"
        partial = folder / f"{name}{PARTIAL}"
        try:
            partial.mkdir()
        except FileExistsError:
            continue
        # A run of this very second may have been finished between the draw and the making.
        if not (folder / name).exists():
            return partial
        partial.rmdir()


def _point_latest(run: Path) -> None:
    """Let `latest` name this run: a link replaced in one step, or a text file where links are not allowed."""
    latest = run.parent / LATEST
    new = run.parent / f".{LATEST}-{run.name}"
    try:
        try:
            new.symlink_to(run.name, target_is_directory=True)
        except (OSError, NotImplementedError):
            _write_text(new, run.name + "\n")
        new.replace(latest)
    except OSError:  # The run is whole; `latest` is a convenience, and reading falls back on the newest run.
        with suppress(OSError):
            new.unlink()


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def one_line(folder: Path) -> Iterator[None]:
    """A full disk or a folder that may not be written, said in one line; other errors pass.

    The netCDF library reports a failed write as a RuntimeError.
    """
    try:
        yield
    except OSError as error:
        here = error.filename is not None and Path(str(error.filename)).is_relative_to(folder)
        if not here and error.errno not in NO_ROOM:
            raise
        raise InputError(f"cannot write a run below '{folder}': {error.strerror}; see output.folder") from error
    except RuntimeError as error:
        if not str(error).startswith("NetCDF:"):
            raise
        raise InputError(f"cannot write a run below '{folder}': {error}; is the disk full?") from error


# --- reading ----------------------------------------------------------------------------------------------


@checked
def open(run: str | os.PathLike[str], folder: str | os.PathLike[str] = "runs") -> "xr.DataTree":
    """Read a run: a DataTree with /annual and /trajectories (and /parameters, where it has them), in memory.

    Of a sweep: /annual, its cube, read from disk where it is used, /quantiles, what its runs come to, as far as it
    keeps them, and /reference, the runs without axes.

    `run` is a run folder, an id below `folder`, or "latest"; or the URL of a sweep in a store of objects. The tree's
    attributes are the path ("run"), the facts of the manifest, and the texts of the configuration and the
    certificate. Every file but the figures and the log is checked against its checksum (not those of a store of
    objects); a damaged run raises InputError naming the file and what is wrong with it.
    """
    if is_url(run):
        home = at_url(str(run))
        with tempfile.TemporaryDirectory() as here:
            fetch_run(Path(here), home)
            found = _read(Path(here), home=home)
    else:
        found = read(run, Path(folder))
    return in_xarray(found) if isinstance(found, Tree) else found


def read(
    run: str | os.PathLike[str], folder: Path = Path("runs"), parts: Sequence[str] | None = None
) -> "Tree | xr.DataTree":
    """What `open` reads, a run in our own arrays; of its parts only those named, where some are."""
    return _read(find(run, folder, holds_scenarios), parts)


def _read(path: Path, parts: Sequence[str] | None = None, home: Path | None = None) -> "Tree | xr.DataTree":
    """The run in a folder; `home`: where the cube of a sweep lies, where that is elsewhere."""
    record = read_manifest(path)
    if not holds_scenarios(record):
        raise InputError(f"'{path}' holds no scenarios: it is a run of another kind, without annual.nc")
    if home is None:
        refuse_damaged(path)
    tree: Tree | xr.DataTree
    if record.get("kind") == "sweep":
        from xarray import DataTree

        from pujiang.results.sweep_cube import read_sweep

        with damaged(f"'{path}' is damaged"):
            tree = DataTree.from_dict(read_sweep(path, home))
    else:
        names = ("annual", "trajectories", *(name for name in OPTIONAL if f"{name}.nc" in record["files"]))
        names = names if parts is None else tuple(name for name in names if name in parts)
        tree = Tree({name: from_cf(read_netcdf(path / f"{name}.nc")) for name in names})
    texts = {"config": "config.yaml", "certificate": "certificate.json"}
    tree.attrs.update(
        {
            "run": str(home or path),
            **{key: value for key, value in record.items() if key != "files"},
            **{key: read_text(path / name) for key, name in texts.items()},
        }
    )
    check_tree(tree, f"'{path}' is damaged")
    return tree


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of the run folder `path`; InputError where it is broken."""
    return manifest_in(path)


def read_certificate(path: Path) -> dict[str, Any]:
    """The certificate of the run folder `path`; InputError where it is broken."""
    file = path / "certificate.json"
    return certificate_of(read_text(file), f"'{file}'")


def read_config(path: Path) -> dict[str, Any]:
    """The resolved configuration in the run folder `path`; InputError where it is broken."""
    file = path / "config.yaml"
    return config_of(read_text(file), f"'{file}'")


def damage(path: Path, names: Iterable[str] | None = None) -> list[str]:
    """What is wrong with the files of a run, a line each: missing, or not what its checksum says.

    `names` limits the check to some files; by default every file the manifest lists.
    """
    files = read_manifest(path)["files"]
    faults = []
    for name in sorted(files if names is None else names):
        file = path / name
        try:
            if not stat.S_ISREG(file.stat().st_mode):
                raise IsADirectoryError(errno.EISDIR, "it is no file")
            found = sha256(file)
        except FileNotFoundError:
            faults.append(f"'{file}' is missing from the run")
        except OSError as error:
            faults.append(f"cannot read '{file}': {error.strerror or error}")
        else:
            if found != files.get(name):
                faults.append(f"'{file}' is damaged or was changed: its checksum is not the manifest's")
    return faults


def refuse_damaged(path: Path, needed: Iterable[str] = ()) -> None:
    """Raise InputError where a file of a run, or one of those needed, is missing or not what its checksum says.

    A figure somebody touched up does not make the numbers wrong: figures and the log are not looked at.
    """
    files = read_manifest(path)["files"]
    names = [name for name in files if not name.startswith("figures/") and name not in OCCASION]
    for line in damage(path, {*names, *needed}):
        raise InputError(line)


def identical(first: Path, second: Path) -> list[str]:
    """The files in which two runs differ, by content or because one lacks it; empty where they are the same.

    The manifest and the log are left out: they record the occasion.
    """
    ours, theirs = (set(file_names(path)) - set(OCCASION) for path in (first, second))
    return sorted(
        name
        for name in ours | theirs
        if name not in ours or name not in theirs or sha256(first / name) != sha256(second / name)
    )
