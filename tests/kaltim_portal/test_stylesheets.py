"""What is left out of Tabler, and what is not."""

from kaltim_portal.stylesheets import css, pruning

SHEET = (
    '@charset "UTF-8";/*! whose */:root{--used:red;--needed:1px;--loose:2px}'
    ".btn,.card>.gone{color:var(--used);width:calc(1px + var(--needed))}.gone{margin:0}.btn:not(.gone){top:0}"
    '[data-known] .btn::before{content:"};{";background:url(data:image/svg+xml;,x)}[data-strange]{top:1px}'
    "@media (min-width:1px){.gone{top:2px}}@media print{.gone,.btn{top:3px}}"
    "@keyframes turn{to{top:0}}@keyframes fade{to{top:1px}}.btn-turning{animation:1s turn}.col-1\\/2{left:0}"
)


def _kept(known: set[str], own: str = "") -> str:
    return "".join(map(str, pruning._asked_for(list(pruning._used(css.read(SHEET), known)), own)))


def test_a_sheet_is_read_and_written_as_it_was() -> None:
    assert "".join(map(str, css.read(SHEET))) == SHEET.replace("/*! whose */", "")


def test_selectors_that_ask_for_unknown_words_go() -> None:
    kept = _kept({"btn", "data-known"})
    assert ".btn{color:var(--used)" in kept
    assert ".btn:not(.gone){top:0}" in kept
    assert '[data-known] .btn::before{content:"};{";background:url(data:image/svg+xml;,x)}' in kept
    assert "@media print{.btn{top:3px}}" in kept
    assert not [each for each in ("data-strange", ".card", "min-width", "col-1") if each in kept]
    assert ".gone" not in kept.replace(":not(.gone)", "")
    assert ".col-1\\/2{left:0}" in _kept({"col-1/2"})


def test_custom_properties_and_animations_that_nothing_asks_for_go() -> None:
    assert ":root{--used:red;--needed:1px}" in _kept({"btn"})
    assert ":root{--loose:2px}" in _kept(set(), own="var(--loose)")
    assert "@keyframes" not in _kept({"btn"})
    kept = _kept({"btn", "btn-turning"})
    assert "@keyframes turn{to{top:0}}" in kept
    assert "fade" not in kept


def test_words_are_those_of_templates_scripts_and_code() -> None:
    words = pruning.words()
    assert {"btn-primary", "card-header", "data-bs-theme", "form-control-sm", "text-end"} <= words
    assert "carousel-item" not in words


def test_the_licence_stays() -> None:
    assert "Licensed under MIT" in pruning.shipped().read_text()[:400]
