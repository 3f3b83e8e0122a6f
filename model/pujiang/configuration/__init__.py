"""Configuration: from files and `key=value` words to a checked `RunConfig`.

`compose` lays the layers over each other: the shipped (or the user's) `config.yaml`, a scenario file, a shock
file, and what the user sets. hydra finds the files and reads the words; every value is checked here against
the declarations of the model, so that a fault is one line that names the key, or the file and its line.
"""

from pujiang.configuration.compose import compose
from pujiang.configuration.folders import options, search_path
from pujiang.configuration.overrides import flat, parse
from pujiang.configuration.read import read

__all__ = ["compose", "flat", "options", "parse", "read", "search_path"]
