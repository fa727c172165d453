"""All stand-ins behind one port, for the demo: BPS under /v1/api/, CKAN under /api/3/action/, sectoral systems beside
them.

Run: python -m kaltim_portal.stand_ins.together PORT
"""

import sys
from typing import Any

from kaltim_portal.stand_ins import bps, ckan, sectoral, serving


class TogetherWorld(serving.StandInWorld):
    """POST /kendali reaches BPS's figures; the fault of the moment is everybody's."""

    def __init__(self) -> None:
        super().__init__()
        self.bps, self.ckan, self.sectoral = bps.BpsWorld(), ckan.CkanWorld(), sectoral.SectoralWorld()

    def _of(self, path: str) -> serving.StandInWorld:
        if path.startswith("/v1/"):
            return self.bps
        return self.ckan if path.startswith("/api/3/") else self.sectoral

    def answer(self, path: str, headers: Any) -> tuple[int, bytes, str]:
        return self._of(path).answer(path, headers)

    def error_answer(self) -> tuple[int, bytes, str]:
        return self.bps.error_answer()

    def obey(self, order: dict[str, Any]) -> None:
        super().obey(order)
        self.bps.obey(order)


if __name__ == "__main__":
    serving.serve(TogetherWorld(), int(sys.argv[1])).serve_forever()
