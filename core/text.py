"""Texts compared as people read them."""


def plain(text: str) -> str:
    """Without what readers don't see: texts that differ in case or blanks only are one."""
    return " ".join(text.casefold().split())


def shortened(text: object, most: int) -> str:
    """At most so many letters with the mark of what is missing; cut between words, never within one, unless a single
    word is longer than all there is room for."""
    said = " ".join(str("" if text is None else text).split())
    if len(said) <= most:
        return said
    cut = said[:most]
    end = cut.rfind(" ")
    return f"{(cut[:end] if end > most // 2 else cut[: most - 1]).rstrip(' ,;:.–-·(')}…"
