"""A form as a browser sees it: which fields it would send, and where to, when nobody changes anything."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

# Fields that a browser sends only when a person acts: a chosen file, a pressed button.
SENT_BY_AN_ACT = frozenset({"file", "submit", "button", "image", "reset"})
TYPED = frozenset({"text", "number", "date", "month", "time", "datetime-local", "email", "url", "tel"})
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
    page = BeautifulSoup(html, "html.parser")
    for template in page.find_all("template"):
        template.decompose()  # what stands in it belongs to no form until a script takes it out
    for form in page.select('form[method="post"]'):
        controls = list(_controls(page, form))
        buttons = [each for each in controls if _sends(each)] or [None]
        for button in buttons:
            yield _served(form, controls, button, address)


def _served(form: Tag, controls: list[Tag], button: Tag | None, address: str) -> ServedForm:
    pressed = button.get("formaction") if button else None
    fields = [(str(each["name"]), value) for each in controls for value in _values(each)]
    if button and button.get("name"):
        fields.append((str(button["name"]), str(button.get("value", ""))))
    filled = {name for name, value in fields if value.strip()}
    required = {str(each["name"]) for each in controls if each.has_attr("required") and each.get("type") != "file"}
    return ServedForm(
        urljoin(address, str(pressed or form.get("action") or address)),
        tuple(fields),
        missing=frozenset(required - filled),
        shows_typed=any(_is_typed(each) and set(_values(each)) - {"", "0"} for each in controls),
        skips_checks=button is not None and button.has_attr("formnovalidate"),
        blanks=tuple(_blanks(controls, filled)),
    )


def _blanks(controls: list[Tag], filled: set[str]) -> Iterator[Blank]:
    for each in controls:
        name, kind = str(each.get("name", "")), str(each.get("type", "text") if each.name == "input" else each.name)
        if name in filled or kind in {"hidden", "button"} or _sends(each):
            continue
        offered = each.find_all("option") if kind == "select" else [each] if kind in {"radio", "checkbox"} else []
        choices = tuple(str(one.get("value", "on")) for one in offered)
        yield Blank(name, kind, tuple(value for value in choices if value))


def _is_typed(control: Tag) -> bool:
    return control.name == "textarea" or (control.name == "input" and control.get("type", "text") in TYPED)


def _controls(page: BeautifulSoup, form: Tag) -> Iterator[Tag]:
    """The controls inside the form and those that name it from outside, without what is switched off."""
    for each in page.select("input, select, textarea, button"):
        owner = page.find(id=each["form"]) if each.has_attr("form") else each.find_parent("form")
        switched_off = each.has_attr("disabled") or each.find_parent("fieldset", disabled=True)
        if owner is form and not switched_off and (each.get("name") or each.name == "button"):
            yield each


def _sends(control: Tag) -> bool:
    return control.get("type", "submit" if control.name == "button" else "text") == "submit"


def _values(control: Tag) -> list[str]:
    """What the control sends as it is served; nothing for an unchecked box."""
    if control.name == "button" or control.get("type") in SENT_BY_AN_ACT:
        return []
    if control.name == "select":
        return _selected(control)
    if control.name == "textarea":
        text = re.sub(r"\r?\n", "\n", control.get_text()).removeprefix("\n")
        return [text.replace("\n", "\r\n")]
    if control.get("type") in {"checkbox", "radio"}:
        return [str(control.get("value", "on"))] if control.has_attr("checked") else []
    return [_kept_by_browser(str(control.get("type", "text")), str(control.get("value", "")))]


def _selected(select: Tag) -> list[str]:
    options = [each for each in select.find_all("option") if not each.has_attr("disabled")]
    chosen = [each for each in options if each.has_attr("selected")]
    if not select.has_attr("multiple"):
        chosen = chosen[-1:] or options[:1]  # a list that shows one option has always one selected
    return [str(each.get("value", each.get_text(strip=True))) for each in chosen]


def _kept_by_browser(kind: str, value: str) -> str:
    """A browser empties a field whose value isn't of its type: a number with a comma, a day in local notation."""
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
