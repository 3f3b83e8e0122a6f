"""`pujiang describe`: what a name means, or every variable of the model."""

import argparse

from pujiang.commands import say
from pujiang.describe import describe, describe_all
from pujiang.errors import InputError


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    if arguments.all == bool(arguments.words):
        raise InputError("describe: needs names, or --all")
    if arguments.all:
        say(describe_all())
    else:
        say("\n\n".join([describe(name, config_dir=arguments.config_dir) for name in arguments.words]))
    return 0
