"""A project with its model, evidence and fit, each loaded when it is first needed, and once."""

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pujiang import environment
from pujiang.api.kept import Kept, kept
from pujiang.api.projects import at_hand, shipped
from pujiang.configuration.changed import with_changes
from pujiang.configuration.compose import compose
from pujiang.configuration.folders import PLAIN, Folders, group_files, search_path
from pujiang.configuration.keys import flat
from pujiang.configuration.read import read, read_text
from pujiang.configuration.words import parse
from pujiang.engine.system import System, build
from pujiang.errors import InputError
from pujiang.evidence import NO_EVIDENCE, Evidence
from pujiang.evidence import load as load_evidence
from pujiang.experiment import discrepancy as discrepancies
from pujiang.experiment import fit_files
from pujiang.experiment.band_shares import FILE as BANDS_FILE
from pujiang.experiment.band_shares import read_band_shares
from pujiang.experiment.data import in_model_units, told_gaps
from pujiang.experiment.discrepancy import Discrepancy
from pujiang.experiment.fit import Fit, declared
from pujiang.experiment.fit_files import Texts
from pujiang.experiment.scenario import RunConfig
from pujiang.experiment.track_record import FILE as RECORD_FILE
from pujiang.experiment.track_record import read_track_record
from pujiang.presentation import OVERALL
from pujiang.project import Project

PathLike = str | os.PathLike[str]


class Loaded:
    """A project whose parts are loaded once.

    Files that a user may change meanwhile (scenarios, evidence, a fit) are read anew at every call, and checked
    anew where they changed.
    """

    def __init__(
        self, project: Project | PathLike | None = None, *, system: System | None = None, **changes: Any
    ) -> None:
        """Take a project; nothing is loaded yet.

        Args:
            project: a project, or the folder of one; by default the one at hand: that of the environment
                variable PUJIANG_PROJECT, else the shipped one.
            system: a model already checked, instead of the project's sectors.
            changes: fields of the project (see `pujiang.Project`) that are otherwise: sectors, data, configs, ...

        Raises:
            InputError: if there is no such project or field.
        """
        if project is None and not changes and system is None and environment.project() is None:
            self._is_kept = True
        else:
            given = project if isinstance(project, Project) else at_hand(project)
            self.__dict__["project"] = replace(given, **changes) if changes else given
        self._fits: dict[Texts, Fit] = {}
        self._evidence: dict[tuple[Any, ...], Evidence] = {}
        if system is not None:
            self.__dict__["system"] = system

    _is_kept = False
    """Whether it is the shipped project as it is, which need not be read and checked at every start."""

    @cached_property
    def project(self) -> Project:
        """The project, with its sectors."""
        return shipped()

    @cached_property
    def _kept(self) -> Kept:
        """The system, and where data and configuration are."""
        return kept(self._checked) if self._is_kept else self._checked()

    def _checked(self) -> Kept:
        project = self.project
        records = {} if project.data is None else read_track_record(project.data / RECORD_FILE)
        bands = {} if project.data is None else read_band_shares(project.data / BANDS_FILE)
        sizes = _discrepancy(project.data)
        errors = {OVERALL: sizes.usual, **sizes.spread} if sizes.usual or sizes.spread else {}
        shown = replace(project.presentation, records=records, bands=bands, errors=errors)
        system = build(project.sectors, project.units, calendar=project.calendar, presentation=shown)
        return Kept(system, project.data, project.configs)

    @cached_property
    def system(self) -> System:
        """The checked model.

        Raises:
            ModelError: listing every fault of the sectors.
        """
        return self._kept.system

    def _folder(self, what: Literal["data", "configs"]) -> Path | None:
        """A folder of the project's."""
        found: Path | None = getattr(self._kept if self._is_kept else self.project, what)
        return found

    def folders(self, config_dir: PathLike | None = None) -> Folders:
        """The folders of configuration: the user's, where there is one, then the project's."""
        return search_path(config_dir, (self._folder("configs") or PLAIN).resolve())

    def options(self, group: str, config_dir: PathLike | None = None) -> dict[str, Path]:
        """The files of scenarios ("scenario") or shocks ("shock") by name."""
        return group_files(group, self.folders(config_dir))

    def evidence(self, name: str = "shipped") -> Evidence:
        """The evidence a configuration names: "shipped", that of the project; or a folder laid over it.

        Its values are in the units of the model. A gap in a series that the model reads is warned of, once.

        Raises:
            InputError: for a file that is not as it should be, or a unit that is not one of the model's.
        """
        own = self._folder("data")
        if name != "shipped":
            as_written = load_evidence(name, own)
        else:
            as_written = NO_EVIDENCE if own is None else load_evidence(own)
        known = (as_written.sha256, *as_written.files.values())
        if known not in self._evidence:
            self._evidence[known] = in_model_units(as_written, self.system)
            for line in told_gaps(as_written, self.system):
                warnings.warn(line, stacklevel=2)
        return self._evidence[known]

    def fit(self, name: str = "shipped") -> Fit:
        """The fit a configuration names: "shipped", "declared" (none), or the run folder of a calibration.

        Raises:
            InputError: if there is no such fit, or a file of its folder is not what its checksum says.
        """
        if name == "declared":
            return declared(self.system)
        texts = fit_files.read(self.shipped_fit if name == "shipped" else _fit_in(name))
        if texts not in self._fits:
            self._fits[texts] = fit_files.load(texts, self.system)
        found = self._fits[texts]
        if found.facts.get("model_hash", self.system.hash) != self.system.hash:
            warnings.warn(
                f"the fit '{name}' was made with another model; 'pujiang calibrate' makes a new one", stacklevel=2
            )
        return found

    @cached_property
    def discrepancy(self) -> Discrepancy:
        """How far the model itself errs, as its project has it from hindcasts; none where nobody has measured it.

        Raises:
            InputError: for a damaged file.
        """
        return _discrepancy(self._folder("data"))

    def told_fit(self, fit: str, evidence: str) -> str:
        """What a reader must know of a fit that was made on other evidence than it is run on; else empty."""
        made_on = self.fit(fit).facts.get("data_hash")
        if made_on is None or made_on == self.evidence(evidence).sha256:
            return ""
        with suppress(InputError):
            if fit != "shipped" and made_on == self.evidence("shipped").sha256:
                return f"The fit '{fit}' was made on the shipped evidence, and is run on '{evidence}'."
        own = _evidence_of(fit)
        hint = f" Its own: evidence={own}" if own else ""
        return f"The fit '{fit}' was made on other evidence than '{evidence}', on which it is run.{hint}"

    @property
    def shipped_fit(self) -> Path:
        """The file of the project's own fit."""
        configs = self._folder("configs") or self.project.folder_of("configs")
        return configs / "fit" / "shipped.yaml"

    def configure(
        self,
        /,
        scenario: PathLike | Sequence[PathLike] = "baseline",
        *,
        config_dir: PathLike | None = None,
        **settings: Any,
    ) -> RunConfig:
        """The checked configuration `run` would run; arguments as there."""
        given = {key: value for key, value in settings.items() if value is not None}
        if "shock" in given:
            given["shock"] = _name(given["shock"], "shock")
        return self.compose(flat({"scenario": _names(scenario), **given}), config_dir)

    def words(self, words: Sequence[str], config_dir: PathLike | None = None) -> dict[str, Any]:
        """What the words of a command line set, by key."""
        return parse(words, self.folders(config_dir))

    def compose(self, changes: Mapping[str, Any], config_dir: PathLike | None = None) -> RunConfig:
        """The checked configuration with changes by key."""
        folders = self.folders(config_dir)
        return compose(changes, self.system, folders)

    def configuration_of(self, run: Path, changes: Mapping[str, Any] | None = None) -> RunConfig:
        """The configuration a run folder holds, checked as if it were new; with changes by key laid over it."""
        found = read(run, self.system)
        return with_changes(found, changes, self.system) if changes else found

    def configuration_in(self, text: str, name: str) -> RunConfig:
        """The configuration that the attributes of a tree hold, checked as if it were new; `name` is the tree's."""
        return read_text(text, name, self.system)


def _fit_in(name: str) -> Path:
    from pujiang.results import run_folder

    path = Path(name) / fit_files.VALUES_FILE
    if not path.is_file():
        allowed = "allowed: shipped, declared, or such a folder"
        raise InputError(f"fit: '{name}' is no run folder of a calibration; {allowed}")
    try:
        files = [fit_files.VALUES_FILE, fit_files.FACTOR_FILE, fit_files.DRAWS_FILE]
        run_folder.refuse_damaged(run_folder.find(name), [file for file in files if (path.parent / file).is_file()])
    except InputError as error:
        raise InputError(f"fit: {error}") from None
    return path


def _evidence_of(fit: str) -> str:
    """The evidence a calibration's own configuration names; empty where it names none."""
    from pujiang.configuration.folders import read_yaml

    try:
        return str(read_yaml(Path(fit) / "config.yaml").content.get("evidence", ""))
    except InputError:
        return ""


def _names(given: Any) -> str | list[str]:
    if isinstance(given, str | os.PathLike) or not isinstance(given, Iterable):
        return _name(given, "scenario")
    return [_name(name, "scenario") for name in given]


def _name(given: Any, key: str) -> str:
    """A name as plain text: NumPy's own text and paths are among what is passed."""
    if isinstance(given, str | os.PathLike):
        return str(os.fspath(given))
    raise InputError(f"{key}: found {given!r}, needs a name, or names")


def _discrepancy(data: Path | None) -> Discrepancy:
    file = None if data is None else data / discrepancies.FILE
    return discrepancies.read(file) if file is not None and file.is_file() else discrepancies.NONE
