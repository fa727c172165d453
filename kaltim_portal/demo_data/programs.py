"""Made-up programmes with their indicators, for the demo. (BPS variable of the stand-in, or empty for none.)"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class SampleIndicator:
    """`drift` moves reported values away from the official ones, in the indicator's unit."""

    name: str
    level: str
    unit: str
    direction: str
    baseline: str
    target: str
    variable: str = ""
    by_region: bool = True
    drift: Decimal = Decimal(0)


@dataclass(frozen=True)
class SampleProgram:
    agency: str
    code: str
    service: str
    name: str
    problem: str
    group: str
    count: int
    budget_juta: int
    indicators: tuple[SampleIndicator, ...]


I = SampleIndicator  # noqa: E741 (a table reads better with a short name)
SCHOOL = I("Angka partisipasi sekolah usia 16–18 tahun", "outcome", "Persen", "maximise", "83.1", "86.5", "901")
WATER = I("Rumah tangga dengan akses air minum layak", "outcome", "Persen", "maximise", "84.2", "88", "902")
SANITATION = I("Rumah tangga dengan akses sanitasi layak", "outcome", "Persen", "maximise", "85.5", "89", "903")
POVERTY = I("Persentase penduduk miskin", "impact", "Persen", "minimise", "5.8", "5.2", "904")
LIFE = I("Umur harapan hidup saat lahir", "impact", "Tahun", "maximise", "74.1", "74.8", "905")
HOUSING = I(
    "Rumah tangga menempati rumah layak huni", "outcome", "Persen", "maximise", "74", "79", "907", drift=Decimal("1.9")
)
STUNTING = I("Prevalensi balita stunting", "outcome", "Persen", "minimise", "22.4", "18", "908", drift=Decimal("-2.2"))


def served(name: str, target: str, unit: str = "Orang") -> SampleIndicator:
    """An output that no statistics office counts."""
    return I(name, "output", unit, "maximise", "0", target, by_region=False)


SPM_PROGRAMS = [
    SampleProgram(
        "Disdikbud",
        "1.01.02",
        "1.01.a",
        "Pengelolaan pendidikan menengah",
        "Anak usia 16–18 tahun di kabupaten pedalaman masih banyak yang putus sekolah karena jarak dan biaya.",
        "Anak usia 16–18 tahun yang tidak bersekolah",
        12480,
        412_500,
        (SCHOOL, served("Siswa penerima bantuan biaya sekolah", "11200")),
    ),
    SampleProgram(
        "Disdikbud",
        "1.01.02",
        "1.01.b",
        "Pengelolaan pendidikan khusus",
        "Anak penyandang disabilitas di enam kabupaten belum terjangkau sekolah luar biasa.",
        "Anak usia 4–18 tahun penyandang disabilitas",
        2150,
        58_200,
        (SCHOOL, served("Anak penyandang disabilitas yang dilayani", "1900")),
    ),
    SampleProgram(
        "Dinkes",
        "1.02.02",
        "1.02.a",
        "Kesiapsiagaan krisis kesehatan akibat bencana",
        "Banjir tahunan di hilir Mahakam memutus layanan kesehatan dasar berhari-hari.",
        "Penduduk terdampak krisis kesehatan",
        34_000,
        46_900,
        (LIFE, served("Penduduk terdampak yang dilayani", "34000")),
    ),
    SampleProgram(
        "Dinkes",
        "1.02.02",
        "1.02.b",
        "Penanganan kejadian luar biasa dan gizi balita",
        "Stunting dan kejadian luar biasa terpusat di wilayah yang jauh dari fasilitas kesehatan.",
        "Balita dan ibu hamil di wilayah prioritas",
        21_500,
        88_300,
        (STUNTING, served("Balita yang dipantau tumbuh kembangnya", "20000")),
    ),
    SampleProgram(
        "PUPR-PERA",
        "1.03.03",
        "1.03.a",
        "Penyediaan air minum curah lintas kabupaten/kota",
        "Kapasitas air baku di kota pesisir tertinggal dari pertumbuhan penduduk.",
        "Rumah tangga tanpa akses air minum layak",
        64_000,
        286_400,
        (WATER, served("Kapasitas terpasang baru", "3", "Unit")),
    ),
    SampleProgram(
        "PUPR-PERA",
        "1.03.05",
        "1.03.b",
        "Pengolahan air limbah domestik regional",
        "Air limbah rumah tangga di perkotaan mengalir ke sungai tanpa diolah.",
        "Rumah tangga perkotaan tanpa sanitasi layak",
        41_500,
        121_700,
        (SANITATION,),
    ),
    SampleProgram(
        "PUPR-PERA",
        "1.04.02",
        "1.04.a",
        "Rehabilitasi rumah korban bencana",
        "Rumah korban banjir dan kebakaran permukiman belum seluruhnya layak huni kembali.",
        "Keluarga korban bencana",
        860,
        43_000,
        (HOUSING, served("Rumah korban bencana yang direhabilitasi", "800", "Unit")),
    ),
    SampleProgram(
        "PUPR-PERA",
        "1.04.03",
        "1.04.b",
        "Rumah layak huni bagi warga terelokasi",
        "Warga bantaran sungai yang direlokasi memerlukan hunian tetap.",
        "Keluarga terkena relokasi",
        420,
        63_000,
        (HOUSING,),
    ),
    SampleProgram(
        "Satpol PP",
        "1.05.02",
        "1.05.a",
        "Penegakan Perda dan ketenteraman umum",
        "Pelanggaran Perda tentang lalu lintas angkutan batu bara dan ketertiban masih berulang.",
        "Warga yang terdampak pelanggaran Perda",
        150_000,
        27_800,
        (I("Pelanggaran Perda yang diselesaikan", "outcome", "Persen", "maximise", "78", "90", by_region=False),),
    ),
    SampleProgram(
        "BPBD",
        "1.05.03",
        "1.05.a",
        "Pencegahan dan kesiapsiagaan bencana",
        "Kebakaran hutan dan banjir berulang di wilayah yang sama setiap tahun.",
        "Penduduk di kawasan rawan bencana",
        96_000,
        35_200,
        (I("Desa/kelurahan tangguh bencana", "outcome", "Desa/kelurahan", "maximise", "112", "140", by_region=False),),
    ),
    SampleProgram(
        "Dinsos",
        "1.06.04",
        "1.06.c",
        "Rehabilitasi sosial lanjut usia telantar di panti",
        "Lanjut usia telantar menunggu lama untuk masuk panti provinsi.",
        "Lanjut usia telantar",
        640,
        24_600,
        (POVERTY, served("Lanjut usia yang dilayani di panti", "600")),
    ),
    SampleProgram(
        "Dinsos",
        "1.06.05",
        "1.06.e",
        "Perlindungan sosial korban bencana",
        "Bantuan bagi korban bencana belum selalu tepat sasaran dan tepat waktu.",
        "Korban bencana provinsi",
        18_200,
        31_900,
        (POVERTY, served("Korban bencana yang menerima bantuan", "18000")),
    ),
    SampleProgram(
        "Dinsos",
        "1.06.04",
        "1.06.a",
        "Rehabilitasi sosial penyandang disabilitas telantar",
        "Penyandang disabilitas telantar di kota belum semuanya terdata.",
        "Penyandang disabilitas telantar",
        510,
        19_400,
        (served("Penyandang disabilitas yang dilayani", "480"), POVERTY),
    ),
]

OTHER_PROGRAMS = [
    SampleProgram(
        "Disnakertrans",
        "2.07.03",
        "",
        "Pelatihan kerja berbasis kebutuhan industri",
        "Lulusan sekolah menengah banyak yang belum memiliki keterampilan yang dicari perusahaan.",
        "Pencari kerja usia 18–29 tahun",
        5200,
        38_700,
        (POVERTY, served("Peserta pelatihan yang tersertifikasi", "4800")),
    ),
    SampleProgram(
        "DKP3A",
        "2.08.03",
        "",
        "Perlindungan perempuan korban kekerasan",
        "Korban kekerasan di kabupaten pedalaman sulit menjangkau layanan pendampingan.",
        "Perempuan korban kekerasan",
        780,
        9_800,
        (I("Korban yang mendapat layanan lengkap", "outcome", "Persen", "maximise", "71", "85", by_region=False),),
    ),
    SampleProgram(
        "DPTPH",
        "2.09.03",
        "",
        "Penganekaragaman pangan masyarakat",
        "Ketergantungan pada pasokan beras dari luar provinsi membuat harga pangan bergejolak.",
        "Rumah tangga rawan pangan",
        15_400,
        29_300,
        (STUNTING,),
    ),
    SampleProgram(
        "DLH",
        "2.11.03",
        "",
        "Pengendalian pencemaran air Sungai Mahakam",
        "Mutu air sungai di titik pantau hilir menurun pada musim kemarau.",
        "Penduduk di daerah aliran sungai",
        420_000,
        22_100,
        (WATER,),
    ),
    SampleProgram(
        "Diskominfo",
        "2.16.03",
        "",
        "Layanan digital OPD yang ringkas",
        "Warga harus datang berkali-kali untuk layanan yang dapat diselesaikan secara daring.",
        "Pengguna layanan provinsi",
        260_000,
        18_900,
        (I("Layanan OPD yang sepenuhnya digital", "outcome", "Persen", "maximise", "46", "70", by_region=False),),
    ),
    SampleProgram(
        "DPPKUKM",
        "2.17.07",
        "",
        "Pendampingan usaha mikro naik kelas",
        "Usaha mikro sulit memperoleh pembiayaan dan pasar di luar wilayahnya.",
        "Pelaku usaha mikro",
        8600,
        26_500,
        (POVERTY,),
    ),
    SampleProgram(
        "DKP",
        "3.25.03",
        "",
        "Sarana perikanan tangkap nelayan kecil",
        "Pendapatan nelayan kecil turun saat musim angin selatan.",
        "Nelayan kecil",
        6900,
        33_400,
        (POVERTY,),
    ),
    SampleProgram(
        "DPTPH",
        "3.27.02",
        "",
        "Sarana pertanian di kawasan penyangga",
        "Produktivitas padi sawah tadah hujan rendah karena irigasi terbatas.",
        "Petani padi sawah",
        11_200,
        47_600,
        (I("Produksi padi", "outcome", "Ton", "maximise", "238000", "262000", by_region=False),),
    ),
    SampleProgram(
        "Dishub",
        "2.15.02",
        "",
        "Keselamatan angkutan sungai dan jalan",
        "Kecelakaan di dermaga rakyat dan jalan provinsi masih tinggi.",
        "Pengguna angkutan umum",
        310_000,
        41_300,
        (I("Kejadian kecelakaan angkutan", "outcome", "Kasus", "minimise", "210", "160", by_region=False),),
    ),
]
