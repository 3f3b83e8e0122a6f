"""A project with its model, evidence and fit, each loaded when it is first needed, and once."""

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pujiang.api.projects import at_hand
from pujiang.configuration import compose, flat, group_files, parse, read, search_path
from pujiang.configuration.folders import PLAIN, Folders
from pujiang.engine.system import System, build
from pujiang.errors import InputError
from pujiang.evidence import NO_EVIDENCE, Evidence
from pujiang.evidence import load as load_evidence
from pujiang.experiment import fit as fits
from pujiang.experiment.fit import Fit, Texts
from pujiang.experiment.scenario import RunConfig
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
        given = project if isinstance(project, Project) else at_hand(project)
        try:
            self.project = replace(given, **changes) if changes else given
        except TypeError as error:
            raise InputError(f"pujiang.Model: {error}") from None
        self._fits: dict[Texts, Fit] = {}
        if system is not None:
            self.__dict__["system"] = system

    @cached_property
    def system(self) -> System:
        """The checked model.

        Raises:
            ModelError: listing every fault of the sectors.
        """
        project = self.project
        return build(project.sectors, project.units, calendar=project.calendar, presentation=project.presentation)

    def folders(self, config_dir: PathLike | None = None) -> Folders:
        """The folders of configuration: the user's, where there is one, then the project's."""
        return search_path(config_dir, (self.project.configs or PLAIN).resolve())

    def options(self, group: str, config_dir: PathLike | None = None) -> dict[str, Path]:
        """The files of scenarios ("scenario") or shocks ("shock") by name."""
        return group_files(group, self.folders(config_dir))

    def evidence(self, name: str = "shipped") -> Evidence:
        """The evidence a configuration names: "shipped", that of the project; or a folder laid over it."""
        if name != "shipped":
            return load_evidence(name, self.project.data)
        return NO_EVIDENCE if self.project.data is None else load_evidence(self.project.data)

    def fit(self, name: str = "shipped") -> Fit:
        """The fit a configuration names: "shipped", "declared" (none), or the run folder of a calibration.

        Raises:
            InputError: if there is no such fit, or a file of its folder is not what its checksum says.
        """
        if name == "declared":
            return fits.declared(self.system)
        texts = fits.read(self.shipped_fit if name == "shipped" else _fit_in(name))
        if texts not in self._fits:
            self._fits[texts] = fits.load(texts, self.system)
        found = self._fits[texts]
        if found.facts.get("model_hash", self.system.hash) != self.system.hash:
            warnings.warn(
                f"the fit '{name}' was made with another model; 'pujiang calibrate' makes a new one", stacklevel=2
            )
        return found

    @property
    def shipped_fit(self) -> Path:
        """The file of the project's own fit."""
        return self.project.folder_of("configs") / "fit" / "shipped.yaml"

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

    def configuration_of(self, run: Path) -> RunConfig:
        """The configuration a run folder holds, checked as if it were new."""
        return read(run, self.system)


def _fit_in(name: str) -> Path:
    from pujiang.results import run_folder

    path = Path(name) / fits.VALUES_FILE
    if not path.is_file():
        allowed = "allowed: shipped, declared, or such a folder"
        raise InputError(f"fit: '{name}' is no run folder of a calibration; {allowed}")
    try:
        run_folder.refuse_damaged(run_folder.find(name), [fits.VALUES_FILE, fits.FACTOR_FILE])
    except InputError as error:
        raise InputError(f"fit: {error}") from None
    return path


def _names(given: Any) -> str | list[str]:
    if isinstance(given, str | os.PathLike) or not isinstance(given, Iterable):
        return _name(given, "scenario")
    return [_name(name, "scenario") for name in given]


def _name(given: Any, key: str) -> str:
    """A name as plain text: NumPy's own text and paths are among what is passed."""
    if isinstance(given, str | os.PathLike):
        return str(os.fspath(given))
    raise InputError(f"{key}: found {given!r}, needs a name, or names")
