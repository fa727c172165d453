"""A stylesheet taken apart, as far as leaving things out of it needs: rules, selectors, declarations.

For files without nested rules, as Tabler's: what stands in the braces of a rule are declarations.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_PIECE = re.compile(r"[^\"'\\/(){}\[\],;]+|/\*.*?\*/|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\\.|.", re.DOTALL)
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True)
class Rule:
    """`a, b { … }`, `@media … { rules }`, or a statement as `@charset "UTF-8";`."""

    head: str
    declarations: Sequence[str] = ()
    rules: Sequence["Rule"] = ()

    @property
    def is_group(self) -> bool:
        return self.head.startswith(("@media", "@supports"))

    @property
    def is_style(self) -> bool:
        return not self.head.startswith("@")

    @property
    def selectors(self) -> list[str]:
        return split(self.head, ",")

    def only(self, *, selectors: Sequence[str]) -> "Rule":
        return replace(self, head=",".join(selectors))

    def __str__(self) -> str:
        if self.is_group:
            return f"{self.head}{{{''.join(map(str, self.rules))}}}"
        if self.head.startswith("@charset"):
            return f"{self.head};"
        return f"{self.head}{{{';'.join(self.declarations)}}}"


def split(text: str, at: str) -> list[str]:
    """The parts between the signs `at` that stand in no brackets and no string, without comments."""
    parts, depth = [""], 0
    for piece in _PIECE.findall(text):
        if piece.startswith("/*"):
            continue
        depth += (piece in _OPENING) - (piece in _CLOSING)
        if piece == at and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts if part.strip()]


def read(text: str) -> list[Rule]:
    return list(_rules(text))


def _rules(text: str) -> Iterator[Rule]:
    head, body, depth = "", "", 0
    for piece in _PIECE.findall(text):
        if piece.startswith("/*"):
            continue
        depth += piece == "{"
        if depth:
            body += piece
        elif piece == ";":
            yield Rule(head.strip())
            head = ""
        else:
            head += piece
        if piece == "}":
            depth -= 1
            if not depth:
                yield _rule(head.strip(), body[1:-1])
                head, body = "", ""


def _rule(head: str, body: str) -> Rule:
    rule = Rule(head)
    if rule.is_group:
        return replace(rule, rules=read(body))
    if head.startswith("@keyframes"):  # left in or out as a whole
        return replace(rule, declarations=(body,))
    return replace(rule, declarations=split(body, ";"))
