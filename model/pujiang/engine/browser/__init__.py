"""The engine that a page carries: a program written out as JavaScript, and what runs it.

Written from the same program as the other two engines, it differs from them only in how it computes. `engine.js` takes
the steps, `profiles.js` reads paths over time, `levers.js` turns what a case says of a lever into its path; the text of
`script` is what they run.
"""

from pujiang.engine.browser.write import outcomes_written, script

__all__ = ["outcomes_written", "script"]
