"""Texts compared as people read them."""


def plain(text: str) -> str:
    """Without what readers don't see: texts that differ in case or blanks only are one."""
    return " ".join(text.casefold().split())
