"""Whether a certificate's name is the account's, titles and capitals aside."""

import pytest

from evidence.signatures.names import is_name_of


@pytest.mark.parametrize(
    ("certificate", "account"),
    [
        ("Dr. Ir. H. RINA WULANDARI, S.T., M.Si.", "Rina Wulandari"),
        ("RINA WULANDARI", "Rina Wulandari, S.E."),
        ("H. M. NOOR HADI, S.Sos", "Muhammad Noor Hadi"),
        ("Ma'ruf Amin", "MARUF AMIN"),
        ("SUHARTONO", "Suhartono"),
    ],
)
def test_the_same_person(certificate: str, account: str) -> None:
    assert is_name_of(certificate, account)


@pytest.mark.parametrize(
    ("certificate", "account"),
    [
        ("ORANG LAIN SAMA SEKALI", "Rina Wulandari"),
        ("RINA WIJAYA, S.E.", "Rina Wulandari"),
        ("Dr. H.", "Rina Wulandari"),
        ("", "Rina Wulandari"),
        ("RINA WULANDARI", ""),
        ("M. N.", "Muhammad Noor"),
    ],
)
def test_another_person(certificate: str, account: str) -> None:
    assert not is_name_of(certificate, account)
