"""What equal addresses, telephones, e-mails and bank accounts have in common, however they are written."""

import re

from core.encryption import keyed_hash
from procurement.choices import ContactKind

ADDRESS_WORDS = {
    "jalan": "jl",
    "jln": "jl",
    "gang": "gg",
    "nomor": "no",
    "kelurahan": "kel",
    "kecamatan": "kec",
    "kabupaten": "kab",
    "komplek": "komp",
    "kompleks": "komp",
    "gedung": "ged",
    "lantai": "lt",
    "blok": "blk",
}
# Mail that anybody can have says nothing about who stands behind it.
PUBLIC_MAIL = frozenset(
    {"gmail.com", "yahoo.com", "yahoo.co.id", "ymail.com", "outlook.com", "hotmail.com", "icloud.com"}
)
MIN_PHONE_DIGITS = 7
MAX_KEY = 200


def contact_key(kind: str, value: str) -> str:
    """The key; empty when the value tells nobody apart (too few digits, a mailbox of a public provider's domain)."""
    if kind == ContactKind.PHONE:
        return phone_key(value)
    if kind == ContactKind.EMAIL:
        return email_key(value)
    if kind == ContactKind.ADDRESS:
        return address_key(value)
    return keyed_hash(value)


def phone_key(value: str) -> str:
    """'+62 (541) 733-222' and '0541 733222' → '541733222'."""
    digits = re.sub(r"\D", "", value)
    digits = digits.removeprefix("62") if digits.startswith("62") else digits.lstrip("0")
    return digits if len(digits) >= MIN_PHONE_DIGITS else ""


def email_key(value: str) -> str:
    """The domain of a mailbox of one's own; the whole address where the domain is everybody's."""
    value = value.strip().lower()
    domain = value.rpartition("@")[2]
    if not domain or "@" not in value:
        return ""
    return value[:MAX_KEY] if domain in PUBLIC_MAIL else domain[:MAX_KEY]


def address_key(value: str) -> str:
    """'Jalan Gajah Mada No. 2, Samarinda' → 'gajah jl mada no 2 samarinda' in the order written, words shortened
    alike."""
    words = [ADDRESS_WORDS.get(word, word) for word in re.findall(r"[a-z0-9]+", value.lower())]
    return " ".join(words)[:MAX_KEY]
