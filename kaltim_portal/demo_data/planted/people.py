"""Who is behind bidders, officials and parties that they declared; suppliers on the blacklist."""

import datetime as dt

from kaltim_portal.demo_data.planted.world import PlantedWorld
from procurement.choices import SupplierRole
from procurement.models import OfficialProfile, Supplier

OFFERED = (3, 3)  # the day of the offers of an innocent package
OWNER = SupplierRole.OWNER


def write(w: PlantedWorld) -> None:
    for cases in (_shared, _control, _not_shared, _barred, _declared, _officials, _names):
        cases(w)


def _rivals(
    w: PlantedWorld, one: Supplier, other: Supplier, *, is_raised: bool, why: str = "", joint: bool = False
) -> None:
    """The two offer against each other: themselves, or each as the partner of somebody."""
    if joint:
        package = w.package(bidders=w.suppliers(3), partners={0: [one], 1: [other]})
    else:
        package = w.package(bidders=[one, other, w.supplier()])
    w.plant_one(package, "K12") if is_raised else w.spare(package, why)


def _shared(w: PlantedWorld) -> None:
    for joint in (False, True):
        nik = w.nik()
        pair = [w.supplier(director="Sungkono Wiradarma", director_nik=nik), w.supplier(director_nik=nik)]
        _rivals(w, *pair, is_raised=True, joint=joint)
    phone = f"{next(w.numbers):07d}"
    _rivals(w, w.supplier(phone=f"0541 8{phone}"), w.supplier(phone=f"+62 541-8{phone}"), is_raised=True)
    account = f"{next(w.numbers):010d}"
    _rivals(w, w.supplier(account=f"Bank {account}-1"), w.supplier(account=f"bank {account}1"), is_raised=True)
    twice = w.supplier()
    w.plant_one(w.package(bidders=[twice, *w.suppliers(2)], partners={1: [twice]}), "K12")
    for count in (10, 11):
        centre = f"0541 9{next(w.numbers):07d}"
        many = [w.supplier(phone=centre) for _ in range(count)]
        _rivals(w, *many[:2], is_raised=count == 10, why="nomor pusat layanan")  # noqa: PLR2004 (the edge of the rule)


def _control(w: PlantedWorld) -> None:
    for percent, joint in (("50", False), ("50.01", False), ("60", True)):
        nik, owned = w.nik(), w.supplier()
        w.behind(owned, nik, OWNER, share_percent=percent)
        _rivals(
            w,
            w.supplier(director_nik=nik),
            owned,
            is_raised=percent != "50",
            why="pemilik separuh saham saja",
            joint=joint,
        )
    owner, first, second = w.nik(), *w.suppliers(2)
    for each in (first, second):
        w.behind(each, owner, OWNER, share_percent=60)
    _rivals(w, first, second, is_raised=True)
    mother, daughter = w.suppliers(2)
    w.behind(daughter, mother.tax_number, OWNER, share_percent=51)
    _rivals(w, mother, daughter, is_raised=True)


def _not_shared(w: PlantedWorld) -> None:
    offered = w.date(*OFFERED)
    for until, is_raised in ((offered, True), (offered - dt.timedelta(days=1), False)):
        nik, former = w.nik(), w.supplier()
        w.behind(former, nik, until_day=until)
        _rivals(w, former, w.supplier(director_nik=nik), is_raised=is_raised, why="direktur yang sudah keluar")
    for since, is_raised in ((offered, True), (offered + dt.timedelta(days=1), False)):
        nik, later = w.nik(), w.supplier()
        w.behind(later, nik, from_day=since)
        _rivals(w, later, w.supplier(director_nik=nik), is_raised=is_raised, why="direktur yang baru kemudian masuk")
    for floor in (1, 2):
        one = w.supplier(address=f"Gedung Mahakam Lantai {floor}, Jl. Awang Long 5, Samarinda")
        other = w.supplier(address=f"Gedung Mahakam Lantai {floor + 4}, Jl. Awang Long 5, Samarinda")
        _rivals(w, one, other, is_raised=False, why="dua kantor dalam satu gedung")
    one, other = (w.supplier(email=f"cv.{side}@gmail.com") for side in "ab")
    _rivals(w, one, other, is_raised=False, why="surel penyedia umum")
    nik = w.nik()
    joint = [w.supplier(director_nik=nik) for _ in range(2)]
    w.spare(w.package(bidders=[joint[0], *w.suppliers(2)], partners={0: joint[1:]}), "satu KSO, direktur sama")


def _barred(w: PlantedWorld) -> None:
    offered = w.date(*OFFERED)
    w.plant_one(w.package(bidders=[w.bar(w.supplier(), w.date(12, 31)), *w.suppliers(2)]), "K13")
    w.plant_one(w.package(bidders=[w.supplier(), w.bar(w.supplier(), offered), w.supplier()]), "K13")
    w.plant_one(w.package(bidders=w.suppliers(3), partners={0: [w.bar(w.supplier(), w.date(12, 31))]}), "K13")
    for ended in (offered - dt.timedelta(days=1), dt.date(w.year - 1, 12, 31)):
        w.spare(w.package(bidders=[w.bar(w.supplier(), ended), *w.suppliers(2)]), "daftar hitam sudah berakhir")


def _declared(w: PlantedWorld) -> None:
    npwp = f"0{next(w.numbers) % 10**8:08d}135000"
    related = w.supplier(tax_number=npwp)
    written = f"{npwp[:2]}.{npwp[2:5]}.{npwp[5:8]}.{npwp[8]}-{npwp[9:12]}.{npwp[12:]}"
    interest = {"party_name": "Perusahaan adik", "party_identity": written, "relation": "milik adik"}
    w.plant_one(w.package(bidders=[w.supplier(), related, w.supplier()], interest=interest), "K15")
    partner = w.supplier()
    interest = {"party_name": "Perusahaan ipar", "party_identity": partner.tax_number, "relation": "milik ipar"}
    w.plant_one(w.package(bidders=w.suppliers(3), partners={2: [partner]}, interest=interest), "K15")
    for number in (1, 2):
        elsewhere = {
            "party_name": f"CV Tidak Ikut {number}",
            "party_identity": f"99000000000{number:04d}",
            "relation": "milik kakak",
        }
        w.spare(w.package(interest=elsewhere), "kepentingan pada perusahaan yang tidak menawar")


def _officials(w: PlantedWorld) -> None:
    offered = w.date(*OFFERED)
    for until, is_raised in ((None, True), (offered, True), (offered - dt.timedelta(days=1), False)):
        nik, official, bidder = w.nik(), w.person(), w.supplier()
        OfficialProfile.objects.create(user=official, identity=nik)
        w.behind(bidder, nik, until_day=until)
        package = w.package(officer=official, bidders=[w.supplier(), bidder, w.supplier()])
        w.plant_one(package, "K15") if is_raised else w.spare(package, "sudah keluar sebelum penawaran")
    nik, official = w.nik(), w.person("Rahmad Hidayat Kusumah")
    OfficialProfile.objects.create(user=official, identity=nik)
    partner = w.supplier(director="Rahmad H.", director_nik=nik)
    w.plant_one(w.package(officer=official, bidders=w.suppliers(3), partners={0: [partner]}), "K15")


def _names(w: PlantedWorld) -> None:
    for name in (
        "Budi Santoso",
        "Ahmad Yani",
        "Sutrisno",
        "Siti Aminah",
        "Hj. Nurhayati",
        "Drs. H. Abdul Rahman, M.Si.",
    ):
        official = w.person(name)
        OfficialProfile.objects.create(user=official, identity=w.nik())
        bare = name.removeprefix("Drs. H. ").removeprefix("Hj. ").removesuffix(", M.Si.")
        w.spare(
            w.package(officer=official, bidders=[w.supplier(director=bare), *w.suppliers(2)]), "nama sama, orang lain"
        )
