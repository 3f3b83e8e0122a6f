"""Which model the environment names."""

import os

PROJECT = "PUJIANG_PROJECT"
"""The environment variable that names the folder of another project, or a file of another tool's model."""


def project() -> str | None:
    """The place of another project than the shipped one; None where none is named."""
    return os.environ.get(PROJECT) or None
