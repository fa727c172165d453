"""A cell's text that no spreadsheet takes for a formula, and what was meant by it.

Without Django: the processes that read strange files start for each file, and load no more than they need.
"""

from typing import Any

# The full-width forms are read by Excel as the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
PASSED_OVER = " '"  # in front of them


def safe_text(value: Any) -> str:
    """A cell's text that no spreadsheet takes for a formula: an apostrophe goes in front of a dangerous first
    character. In front of one that begins so with an apostrophe, too: `meant_text` takes off just one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(PASSED_OVER).startswith(FORMULA_STARTS) else text


def meant_text(text: str) -> str:
    """What stood in the cell before `safe_text`: what is handed out and handed in again stays what it was."""
    is_guarded = text[:1] == "'" and text[1:].lstrip(PASSED_OVER).startswith(FORMULA_STARTS)
    return text[1:] if is_guarded else text
