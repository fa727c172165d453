"""Made-up directives of the last weeks: carried out, answered, open and overdue."""

import datetime as dt

from accounts.models import Agency, User
from dashboards.choices import DirectiveState
from dashboards.directives.services import follow_up, give
from dashboards.models import Directive

# OPD, what, measure, given and due in days from today, and the words that followed: (who, text, per cent, state).
SAMPLES: list[tuple[str, str, str, int, int, list[tuple[str, str, int | None, DirectiveState]]]] = [
    (
        "Disdikbud",
        "Salurkan beasiswa tahap kedua sebelum semester baru (data contoh)",
        "Seluruh penerima tahap kedua menerima dana",
        -45,
        -10,
        [
            ("operator", "Data 41.200 penerima sudah padan.", 70, DirectiveState.OPEN),
            ("kepala", "Seluruhnya tersalur.", 100, DirectiveState.ANSWERED),
            ("gubernur", "Diperiksa pada pertemuan mingguan.", None, DirectiveState.DONE),
        ],
    ),
    (
        "Disdikbud",
        "Hubungkan mutasi siswa dengan Dapodik sehingga orang tua tidak perlu datang (data contoh)",
        "Prosedur baru berlaku",
        -20,
        10,
        [("operator", "Usulan prosedur menunggu putusan kepala dinas.", 40, DirectiveState.OPEN)],
    ),
    (
        "Dinkes",
        "Turunkan prevalensi stunting di tiga kabupaten tertinggi (data contoh)",
        "Prevalensi turun 2 poin menurut SSGI",
        -60,
        -5,
        [],
    ),
    (
        "PUPR-PERA",
        "Selesaikan paket jalan yang terhenti sejak triwulan II (data contoh)",
        "BAST ditandatangani",
        -30,
        20,
        [],
    ),
    ("Dinsos", "Padankan penerima bantuan sosial dengan DTSEN (data contoh)", "Tidak ada penerima ganda", -15, 5, []),
]


def make_directives(users: dict[str, User], today: dt.date) -> None:
    if Directive.objects.exists():
        return
    agencies = {agency.short_name: agency for agency in Agency.objects.living()}
    for short_name, text, measure, given, due, words in SAMPLES:
        directive = give(
            values={
                "agency": agencies[short_name],
                "text": text,
                "measure": measure,
                "given_on": today + dt.timedelta(days=given),
                "due_on": today + dt.timedelta(days=due),
                "is_sample": True,
            },
            by=users["gubernur"],
        )
        for who, said, percent, state in words:
            follow_up(
                directive=directive,
                by=users[who],
                text=said,
                percent=percent,
                state=state,
                lacking_reason="Bukti menyusul (data contoh).",
            )
