"""The sheet of signature: a last page that names the signer, the paper's SHA-256 and where it is verified.

It is added behind the paper's own bytes (an incremental update), so the paper inside a signed file is still, to the
byte, the one that was handed out before.
"""

import io
from pathlib import Path

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject

from core.formats import moment
from core.typesetting import typeset
from evidence.models import PaperSignature

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "evidence" / "signatures" / "signature_sheet.typ"


def public_address(row: PaperSignature) -> str:
    return str(settings.PORTAL_ADDRESS) + reverse("evidence:signature-of", args=[row.code])


def with_sheet(paper: bytes, row: PaperSignature) -> bytes:
    """The paper with its sheet. Raises ValueError when it is no PDF that can be added to."""
    address = public_address(row)
    words = _(
        "This paper is valid only as a file that holds an electronic signature by a certificate of BSrE (BSSN): "
        "a print, or a file without it, proves nothing. Scan the mark to see whether it was signed, and by whom."
    )
    data = {
        "office": settings.PUBLISHER_NAME,
        "title": _("Sheet of electronic signature"),
        "facts": _facts(row, address),
        "words": words,
    }
    mark = segno.make(address, error="m").svg_inline(scale=4, border=2)
    sheet = typeset(TEMPLATE, data, {"mark.svg": mark})
    try:
        return _appended(paper, sheet)
    except (PdfError, ValueError, KeyError) as error:
        raise ValueError(_("The paper is no PDF that a sheet can be added to.")) from error


def _facts(row: PaperSignature, address: str) -> list[tuple[str, str]]:
    signer = row.signer
    facts = [(_("Paper"), row.title), (_("Signer"), signer.get_full_name() or signer.get_username())]
    if signer.nip:  # a governor has none, and the line would look forgotten
        facts.append(("NIP", signer.nip))
    if signer.all_memberships:
        facts.append((_("In the office of"), "; ".join(str(each) for each in signer.all_memberships)))
    return [
        *facts,
        (_("Prepared"), moment(row.prepared_at)),
        (_("SHA-256 of the paper"), row.paper_sha256),
        (_("To be verified at"), address),
    ]


def _appended(paper: bytes, sheet: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    page = PdfFileReader(io.BytesIO(sheet)).root["/Pages"]["/Kids"][0]
    resources = writer.import_object(page.raw_get("/Resources"))
    contents = writer.import_object(page.raw_get("/Contents"))
    writer.insert_page(PageObject(contents=contents, media_box=page["/MediaBox"], resources=resources))
    if "/AcroForm" not in writer.root:  # where the field of the signature goes: whoever compares looks for it before
        form = {"/Fields": generic.ArrayObject(), "/SigFlags": generic.NumberObject(3)}
        writer.root["/AcroForm"] = writer.add_object(generic.DictionaryObject(form))
        writer.update_root()
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
