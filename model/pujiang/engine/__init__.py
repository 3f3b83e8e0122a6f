"""From declarations to numbers: expressions, units, the checked system, and the engines that run it."""
