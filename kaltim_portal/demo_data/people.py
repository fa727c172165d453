"""The demo's accounts. Invented people; the password is printed on every start and holds nowhere else."""

from dataclasses import dataclass

from core.choices import Role

DEMO_PASSWORD = "peragaan-portal-kaltim"  # noqa: S105 (of the demo only; production has no such account)


@dataclass(frozen=True)
class Person:
    """`roles` are (role, short name of the OPD or empty for the province)."""

    username: str
    full_name: str
    title: str
    roles: tuple[tuple[Role, str], ...]


PEOPLE = [
    Person("operator", "Rina Wulandari", "operator Disdikbud", ((Role.OPERATOR, "Disdikbud"),)),
    Person("ppk", "Hendra Saputra", "PPK Disdikbud (operator)", ((Role.OPERATOR, "Disdikbud"),)),
    Person("kepala", "Surya Pranata", "kepala Disdikbud", ((Role.AGENCY_HEAD, "Disdikbud"),)),
    Person(
        "operator.dinkes",
        "Maya Lestari",
        "operator Dinkes dan Dinsos",
        ((Role.OPERATOR, "Dinkes"), (Role.OPERATOR, "Dinsos")),
    ),
    Person("kepala.dinkes", "Taufik Hidayat", "kepala Dinkes", ((Role.AGENCY_HEAD, "Dinkes"),)),
    Person("verifikator", "Dewi Anggraini", "verifikator Bappeda", ((Role.VERIFIER, ""),)),
    Person("gubernur", "Bagus Wicaksono", "kantor gubernur", ((Role.GOVERNORS_OFFICE, ""),)),
    Person("auditor", "Lukman Hakim", "auditor Inspektorat", ((Role.AUDITOR, ""),)),
    Person("walidata", "Fitri Handayani", "wali data (Bappeda/Diskominfo)", ((Role.DATA_STEWARD, ""),)),
    Person("admin", "Agus Setiawan", "administrator", ((Role.ADMINISTRATOR, ""),)),
]


# Stand for everybody who has no account of their own in the demo: in each OPD without one, somebody who enters and
# somebody else who decides. They have no password and cannot sign in.
EXTRA = Person("petugas.contoh", "Petugas contoh", "petugas OPD lain", ())
EXTRA_HEAD = Person("kepala.contoh", "Kepala contoh", "kepala OPD lain", ())
OPERATORS = {"Disdikbud": "operator", "Dinkes": "operator.dinkes", "Dinsos": "operator.dinkes"}
COMMITMENT_OFFICERS = {"Disdikbud": "ppk", "Dinkes": "operator.dinkes", "Dinsos": "operator.dinkes"}
HEADS = {"Disdikbud": "kepala", "Dinkes": "kepala.dinkes"}
