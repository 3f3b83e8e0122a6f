"""`python -m pujiang`: the command `pujiang`."""

import sys

from pujiang.cli import main

if __name__ == "__main__":
    sys.exit(main())
