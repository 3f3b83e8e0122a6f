"""A page with levers: one HTML file in which the whole model runs, with nothing behind it and no request to outside.

`content` gathers what the page knows, `assemble` puts it, the engine and the files of `script/` and `style/` into one
text.
"""

from pujiang.results.page.assemble import assembled
from pujiang.results.page.case import Case
from pujiang.results.page.content import page_content

__all__ = ["Case", "assembled", "page_content"]
