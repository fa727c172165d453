"""Whether the name in a certificate is that of an account. Pure.

Certificates carry titles before and after the name, in capitals or not: `Dr. Ir. H. RINA WULANDARI, S.T., M.Si.`
"""

import re
import unicodedata

TITLES = frozenset(
    ["dr", "dra", "drs", "drg", "ir", "prof", "h", "hj", "hjh", "kh", "tgk", "tb", "rr", "r", "apt", "ns"]
)
SHORTEST = 2


def words_of(name: str) -> list[str]:
    """The words of the name itself, without titles, marks and capitals."""
    before_titles = name.partition(",")[0]
    plain = unicodedata.normalize("NFKD", before_titles).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z]+", plain.replace("'", "")) if word not in TITLES]


def is_name_of(in_certificate: str, of_account: str) -> bool:
    """Every word of the shorter one is in the longer one, an initial for a word; at least one whole word agrees."""
    one, other = sorted((words_of(in_certificate), words_of(of_account)), key=len)
    if not any(len(word) > SHORTEST and word in other for word in one):
        return False
    return all(any(word == each or (len(word) == 1 and each.startswith(word)) for each in other) for word in one)
