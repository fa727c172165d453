"""Made-up services of some OPD with their procedures, and proposals for shorter ones."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from accounts.models import Agency, User
from kaltim_portal.demo_data.people import EXTRA, HEADS, OPERATORS
from public_services.choices import Actor, DigitalLevel
from public_services.models import DocumentKind, Procedure, PublicService
from public_services.services import StepInput, decide_proposal, save_procedure

DOCUMENTS = {
    "KTP": "Dukcapil",
    "Kartu keluarga": "Dukcapil",
    "NPWP": "Ditjen Pajak",
    "NIB": "OSS",
    "Akta pendirian perusahaan": "AHU Kemenkumham",
    "Ijazah": "PDDikti, Dapodik",
    "Surat permohonan": "",
    "Pasfoto": "",
    "Gambar teknis": "",
    "Rekomendasi desa/kelurahan": "",
    "Bukti kepemilikan lahan": "ATR/BPN",
    "Surat pernyataan bermeterai": "",
}


class Sample(NamedTuple):
    agency: str
    name: str
    product: str
    users: str
    level: int
    basis: str
    promised: int
    volume: int
    complaints: int
    counter_days: str
    inner: list[tuple[str, Actor, str]]
    documents: list[str]
    proposal: str


SAMPLES = [
    Sample(
        "Disdikbud",
        "Mutasi siswa SMA/SMK antarprovinsi",
        "Surat mutasi",
        "Orang tua siswa",
        1,
        "Permendikbudristek 47/2023",
        5,
        1_850,
        42,
        "1",
        [
            ("Periksa kelengkapan", Actor.OFFICER, "1"),
            ("Paraf kepala bidang", Actor.SUPERVISOR, "2"),
            ("Tanda tangan kepala dinas", Actor.HEAD, "3"),
        ],
        ["KTP", "Kartu keluarga", "Ijazah", "Surat permohonan", "Pasfoto"],
        "Data siswa diambil dari Dapodik; orang tua tidak perlu datang.",
    ),
    Sample(
        "Disdikbud",
        "Beasiswa Kalimantan Timur",
        "Beasiswa",
        "Mahasiswa dan siswa",
        4,
        "Pergub 29/2024",
        30,
        48_000,
        610,
        "0",
        [("Padankan data", Actor.SYSTEM, "1"), ("Tetapkan penerima", Actor.HEAD, "14")],
        ["KTP", "Kartu keluarga", "Surat permohonan"],
        "",
    ),
    Sample(
        "Dinkes",
        "Izin praktik tenaga kesehatan tertentu",
        "Surat izin praktik",
        "Tenaga kesehatan",
        3,
        "UU 17/2023",
        7,
        2_300,
        18,
        "0",
        [
            ("Periksa kelengkapan", Actor.OFFICER, "2"),
            ("Rekomendasi organisasi profesi", Actor.OTHER, "5"),
            ("Tanda tangan kepala dinas", Actor.HEAD, "2"),
        ],
        ["KTP", "Ijazah", "Pasfoto", "NPWP"],
        "Rekomendasi dan ijazah diperiksa lewat SATUSEHAT.",
    ),
    Sample(
        "PUPR-PERA",
        "Rekomendasi teknis pemanfaatan ruang jalan provinsi",
        "Rekomendasi teknis",
        "Badan usaha",
        0,
        "PermenPU 20/2010",
        14,
        240,
        37,
        "1",
        [
            ("Disposisi kepala dinas", Actor.HEAD, "3"),
            ("Disposisi kepala bidang", Actor.SUPERVISOR, "2"),
            ("Tinjau lokasi", Actor.OFFICER, "5"),
            ("Paraf kepala bidang", Actor.SUPERVISOR, "2"),
            ("Tanda tangan kepala dinas", Actor.HEAD, "3"),
        ],
        [
            "KTP",
            "NPWP",
            "NIB",
            "Akta pendirian perusahaan",
            "Gambar teknis",
            "Bukti kepemilikan lahan",
            "Surat permohonan",
            "Surat pernyataan bermeterai",
        ],
        "Satu disposisi saja; dokumen perusahaan dibaca dari OSS.",
    ),
    Sample(
        "Dinsos",
        "Rekomendasi penerima bantuan sosial",
        "Rekomendasi",
        "Keluarga miskin",
        2,
        "Permensos 1/2019",
        5,
        7_400,
        95,
        "1",
        [
            ("Verifikasi DTSEN", Actor.OFFICER, "2"),
            ("Musyawarah desa", Actor.OTHER, "7"),
            ("Tanda tangan kepala dinas", Actor.HEAD, "2"),
        ],
        ["KTP", "Kartu keluarga", "Rekomendasi desa/kelurahan", "Surat permohonan"],
        "",
    ),
    Sample(
        "Dishub",
        "Izin trayek angkutan antarkota dalam provinsi",
        "Izin trayek",
        "Perusahaan angkutan",
        3,
        "PP 74/2014",
        10,
        310,
        6,
        "0",
        [("Periksa kelengkapan", Actor.OFFICER, "1"), ("Tanda tangan kepala dinas", Actor.HEAD, "2")],
        ["NIB", "NPWP", "Surat permohonan"],
        "",
    ),
]


def make_services(users: Mapping[str, User]) -> None:
    """Once; the proposal of Dinkes is adopted, the others wait for the head."""
    if PublicService.objects.exists():
        return
    kinds = {
        name: DocumentKind.objects.get_or_create(name=name, defaults={"held_by": held})[0]
        for name, held in DOCUMENTS.items()
    }
    agencies = {agency.short_name: agency for agency in Agency.objects.living()}
    for sample in SAMPLES:
        agency = agencies.get(sample.agency)
        if agency is None:
            continue
        service = PublicService.objects.create(
            agency=agency,
            name=f"{sample.name} (data contoh)",
            product=sample.product,
            users=sample.users,
            digital_level=sample.level,
            address="https://layanan.kaltimprov.go.id/" if sample.level > DigitalLevel.FORMS else "",
            fee_rupiah=0,
            legal_basis=sample.basis,
            promised_days=sample.promised,
            volume=sample.volume,
            complaints=sample.complaints,
            is_sample=True,
        )
        asked = [kinds[name] for name in sample.documents]
        at_counter = sample.level < 3  # noqa: PLR2004 (applied for online from level 3 on)
        steps = [StepInput("Ajukan permohonan", Actor.APPLICANT, Decimal(0), at_counter, asked)]
        if at_counter:
            steps.append(
                StepInput("Terima berkas di loket", Actor.COUNTER, Decimal(sample.counter_days), is_visit=False)
            )
        steps += [StepInput(name, actor, Decimal(days), is_visit=False) for name, actor, days in sample.inner]
        steps.append(StepInput("Ambil hasil" if at_counter else "Unduh hasil", Actor.APPLICANT, Decimal(0), at_counter))
        author = users[OPERATORS.get(sample.agency, EXTRA.username)]
        save_procedure(service=service, by=author, steps=steps)
        if sample.proposal:
            proposal = _propose(service, sample, kinds, author)
            if sample.agency == "Dinkes":
                head = users[HEADS[sample.agency]]
                decide_proposal(procedure=proposal, by=head, adopt=True, reason="Sudah diuji dua bulan.")


def _propose(service: PublicService, sample: Sample, kinds: dict[str, DocumentKind], author: User) -> Procedure:
    needed = [kinds[name] for name in sample.documents if not DOCUMENTS[name]]
    last, done = sample.inner[-1], Decimal(sample.inner[-1][2])
    steps = [
        StepInput("Ajukan permohonan daring", Actor.APPLICANT, Decimal(0), is_visit=False, documents=needed),
        StepInput("Padankan data kependudukan dan usaha", Actor.SYSTEM, Decimal(0), is_visit=False),
        StepInput("Periksa permohonan", Actor.OFFICER, Decimal(2), is_visit=False),
        StepInput(last[0], last[1], done, is_visit=False),
        StepInput("Unduh hasil", Actor.APPLICANT, Decimal(0), is_visit=False),
    ]
    proposal: Procedure = save_procedure(service=service, by=author, steps=steps, reason=sample.proposal)
    return proposal
