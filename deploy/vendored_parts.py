"""Put the vendored front-end files into the list of parts that `make sbom` has made from the environment."""  # noqa: INP001 (a script, not a package)

import json
import re
import sys
from pathlib import Path

ROW = re.compile(r"^\| [\w-]+/ \| (?P<name>\S+) \| (?P<version>\S+) \| (?P<licence>[^|]+?) \|", re.MULTILINE)


def main(list_of_parts: Path, vendored: Path) -> None:
    parts = json.loads(list_of_parts.read_text(encoding="utf-8"))
    for found in ROW.finditer(vendored.read_text(encoding="utf-8")):
        name, version, licence = found.group("name", "version", "licence")
        address = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        part = {"type": "library", "bom-ref": address, "name": name, "version": version, "purl": address}
        parts["components"].append({**part, "licenses": [{"license": {"id": licence}}]})
    list_of_parts.write_text(json.dumps(parts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
