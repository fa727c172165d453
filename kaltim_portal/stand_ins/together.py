"""All stand-ins behind one port, for the demo: BPS under /v1/api/, CKAN under /api/3/action/, a time-stamping authority
under /tsa, BSrE's client service under /api/v2/, sectoral systems beside them.

Run: python -m kaltim_portal.stand_ins.together PORT [FOLDER]; the folder keeps the authority's keys.
"""

import sys
from pathlib import Path
from typing import Any

from kaltim_portal.stand_ins import bps, ckan, esign, sectoral, serving, timestamps


class TogetherWorld(serving.StandInWorld):
    """POST /kendali reaches BPS's figures; the fault of the moment is everybody's."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self.bps, self.ckan, self.sectoral = bps.BpsWorld(), ckan.CkanWorld(), sectoral.SectoralWorld()
        self.timestamps = timestamps.TimestampWorld(folder)
        self.esign = esign.EsignWorld(esign.SigningAuthority(folder))

    def _of(self, path: str) -> serving.StandInWorld:
        if path.startswith("/v1/"):
            return self.bps
        if path in {timestamps.ADDRESS, timestamps.ROOT_ADDRESS}:
            return self.timestamps
        if path == esign.ROOTS_ADDRESS or path.startswith(esign.PREFIX):
            return self.esign
        return self.ckan if path.startswith("/api/3/") else self.sectoral

    def answer(self, path: str, headers: Any) -> tuple[int, bytes, str]:
        return self._of(path).answer(path, headers)

    def answer_post(self, path: str, headers: Any, body: bytes) -> tuple[int, bytes, str]:
        return self._of(path).answer_post(path, headers, body)

    def error_answer(self) -> tuple[int, bytes, str]:
        return self.bps.error_answer()

    def obey(self, order: dict[str, Any]) -> None:
        super().obey(order)
        self.bps.obey(order)
        self.timestamps.obey(order)
        self.esign.obey(order)


if __name__ == "__main__":
    keys = Path(sys.argv[2]) if len(sys.argv) > 2 else None  # noqa: PLR2004
    serving.serve(TogetherWorld(keys), int(sys.argv[1])).serve_forever()
