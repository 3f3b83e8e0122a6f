"""What Python callers use: `Model`, its methods, and in `functions` the same for the project at hand.

Nothing is imported here: the command line takes of it only what a command needs.
"""
