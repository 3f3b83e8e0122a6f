"""Configuration: from files and `key=value` words to a checked `RunConfig` or `Plan`.

In the order a run takes: `words` reads what the user writes; `keys` knows every key and its option, and refuses
the rest; `folders` finds and reads files, `scenario_file` says what one tells; `levers` lays settings of levers
over each other; `settings` makes what is left; `compose` joins them. `read` reads a run's own configuration
back, and `changed` lays changes over it.
A sweep goes on from there: `sweep_words`, `sweep_axes`, `sweep_plan`, and `sweep_files` to write and read a plan.

hydra finds the files and reads the words; every value is checked against the options and the declarations of the
model, so that a fault is one line that names the key, or the file and its line.
"""
