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
    nip: str = ""  # made up; the demo's SSO knows people by it


PEOPLE = [
    Person("operator", "Rina Wulandari", "operator Disdikbud", ((Role.OPERATOR, "Disdikbud"),), "199003152015032001"),
    Person("ppk", "Hendra Saputra", "PPK Disdikbud (operator)", ((Role.OPERATOR, "Disdikbud"),), "198511202010011002"),
    Person("kepala", "Surya Pranata", "kepala Disdikbud", ((Role.AGENCY_HEAD, "Disdikbud"),), "197204101998031003"),
    Person(
        "operator.dinkes",
        "Maya Lestari",
        "operator Dinkes dan Dinsos",
        ((Role.OPERATOR, "Dinkes"), (Role.OPERATOR, "Dinsos")),
        "199207072017042004",
    ),
    Person("kepala.dinkes", "Taufik Hidayat", "kepala Dinkes", ((Role.AGENCY_HEAD, "Dinkes"),), "197011051996031005"),
    Person("verifikator", "Dewi Anggraini", "verifikator Bappeda", ((Role.VERIFIER, ""),), "198802142012042006"),
    Person("gubernur", "Bagus Wicaksono", "kantor gubernur", ((Role.GOVERNORS_OFFICE, ""),), "197509091999031007"),
    Person("auditor", "Lukman Hakim", "auditor Inspektorat", ((Role.AUDITOR, ""),), "198306252008011008"),
    Person(
        "walidata",
        "Fitri Handayani",
        "wali data (Bappeda/Diskominfo)",
        ((Role.DATA_STEWARD, ""),),
        "198712122011012009",
    ),
    Person("admin", "Agus Setiawan", "administrator", ((Role.ADMINISTRATOR, ""),), "199101012016011010"),
]


# Stand for everybody who has no account of their own in the demo: in each OPD without one, somebody who enters and
# somebody else who decides. They have no password and cannot sign in.
EXTRA = Person("petugas.contoh", "Petugas contoh", "petugas OPD lain", ())
EXTRA_HEAD = Person("kepala.contoh", "Kepala contoh", "kepala OPD lain", ())
OPERATORS = {"Disdikbud": "operator", "Dinkes": "operator.dinkes", "Dinsos": "operator.dinkes"}
COMMITMENT_OFFICERS = {"Disdikbud": "ppk", "Dinkes": "operator.dinkes", "Dinsos": "operator.dinkes"}
HEADS = {"Disdikbud": "kepala", "Dinkes": "kepala.dinkes"}
