"""The branches of the library."""

from pujiang.declare import dimension

branch = dimension("branch", ("harbour", "hill"), "Branches of the library.")
