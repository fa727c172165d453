"""A form as a browser sees it: which fields it would send, and where to, when nobody changes anything."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import html as markup
from lxml.html import HtmlElement as Tag

# Fields that a browser sends only when a person acts: a chosen file, a pressed button.
SENT_BY_AN_ACT = frozenset({"file", "submit", "button", "image", "reset"})
TYPED = frozenset({"text", "number", "date", "month", "time", "datetime-local", "email", "url", "tel"})
ONE_LINE = frozenset({"text", "search", "email", "url", "tel", "password"})
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Blank:
    """A control that would send nothing: its kind (`file`, `select`, `date` …) and what it offers to choose from."""

    name: str
    kind: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class ServedForm:
    """One form and one of its buttons; `fields` are (name, value) in the order of the page."""

    address: str
    fields: tuple[tuple[str, str], ...]
    missing: frozenset[str] = frozenset()  # required fields that came empty
    shows_typed: bool = False  # some of what people type in stands there already, and not a 0 to begin with
    skips_checks: bool = False  # its button asks for help (one more row, a search) and sends nothing in
    blanks: tuple[Blank, ...] = ()

    @property
    def data(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found


def served_forms(html: str, address: str) -> Iterator[ServedForm]:
    """Every form of the page that is sent by POST, once per button that sends it."""
    page = markup.document_fromstring(html if html.strip() else "<html></html>")
    for template in list(page.iter("template")):
        template.drop_tree()  # what stands in it belongs to no form until a script takes it out
    controls = _controls_by_form(page)
    for form in page.iter("form"):
        if form.get("method") != "post":
            continue
        own = controls.get(form, [])
        for button in [each for each in own if _sends(each)] or [None]:
            yield _served(form, own, button, address)


def _served(form: Tag, controls: list[Tag], button: Tag | None, address: str) -> ServedForm:
    pressed = button.get("formaction") if button is not None else None
    fields = [(str(each.get("name")), value) for each in controls for value in _values(each)]
    if button is not None and button.get("name"):
        fields.append((str(button.get("name")), str(button.get("value", ""))))
    filled = {name for name, value in fields if value.strip()}
    required = {str(each.get("name")) for each in controls if "required" in each.attrib and each.get("type") != "file"}
    return ServedForm(
        urljoin(address, str(pressed or form.get("action") or address)),
        tuple(fields),
        missing=frozenset(required - filled),
        shows_typed=any(_is_typed(each) and set(_values(each)) - {"", "0"} for each in controls),
        skips_checks=button is not None and "formnovalidate" in button.attrib,
        blanks=tuple(_blanks(controls, filled)),
    )


def _blanks(controls: list[Tag], filled: set[str]) -> Iterator[Blank]:
    for each in controls:
        name, kind = str(each.get("name", "")), str(each.get("type", "text") if each.tag == "input" else each.tag)
        if name in filled or kind in {"hidden", "button"} or _sends(each):
            continue
        offered = each.iter("option") if kind == "select" else [each] if kind in {"radio", "checkbox"} else []
        choices = tuple(str(one.get("value", "on")) for one in offered)
        yield Blank(name, kind, tuple(value for value in choices if value))


def _is_typed(control: Tag) -> bool:
    return control.tag == "textarea" or (control.tag == "input" and control.get("type", "text") in TYPED)


def _controls_by_form(page: Tag) -> dict[Tag, list[Tag]]:
    """The controls inside each form and those that name it from outside, without what is switched off."""
    by_id = {each.get("id"): each for each in page.iter("form")}
    found: dict[Tag, list[Tag]] = {}
    for each in page.iter("input", "select", "textarea", "button"):
        owner = by_id.get(each.get("form")) if "form" in each.attrib else next(each.iterancestors("form"), None)
        switched_off = "disabled" in each.attrib or any(
            "disabled" in one.attrib for one in each.iterancestors("fieldset")
        )
        if owner is not None and not switched_off and (each.get("name") or each.tag == "button"):
            found.setdefault(owner, []).append(each)
    return found


def _sends(control: Tag) -> bool:
    return control.get("type", "submit" if control.tag == "button" else "text") == "submit"


def _values(control: Tag) -> list[str]:
    """What the control sends as it is served; nothing for an unchecked box."""
    if control.tag == "button" or control.get("type") in SENT_BY_AN_ACT:
        return []
    if control.tag == "select":
        return _selected(control)
    if control.tag == "textarea":
        text = re.sub(r"\r?\n", "\n", control.text_content()).removeprefix("\n")
        return [text.replace("\n", "\r\n")]
    if control.get("type") in {"checkbox", "radio"}:
        return [str(control.get("value", "on"))] if "checked" in control.attrib else []
    return [_kept_by_browser(str(control.get("type", "text")), str(control.get("value", "")))]


def _selected(select: Tag) -> list[str]:
    options = [each for each in select.iter("option") if "disabled" not in each.attrib]
    chosen = [each for each in options if "selected" in each.attrib]
    if "multiple" not in select.attrib:
        chosen = chosen[-1:] or options[:1]  # a list that shows one option has always one selected
    return [str(each.get("value", each.text_content().strip())) for each in chosen]


def _kept_by_browser(kind: str, value: str) -> str:
    """A browser empties a field whose value isn't of its type: a number with a comma, a day in local notation; it takes
    the line breaks out of a field of one line, and sends those of a hidden one as it sends all."""
    if kind in ONE_LINE:
        return re.sub(r"[\r\n]", "", value)
    if kind == "hidden":
        return re.sub(r"\r?\n", "\r\n", value)
    kept: dict[str, Callable[[str], object]] = {
        "number": NUMBER.fullmatch,
        "date": _is_day,
        "month": re.compile(r"\d{4}-\d\d").fullmatch,
        "datetime-local": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?").fullmatch,
        "time": re.compile(r"\d\d:\d\d(:\d\d)?").fullmatch,
    }
    return value if kind not in kept or kept[kind](value) else ""


def _is_day(value: str) -> bool:
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == len("2026-01-31")
