"""Run all measurements, or those named. Each figure is one line: name value unit yardstick ratio; and
bench/results.json."""

import json
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("PORTAL_ENV", "demo")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaltim_portal.settings")

from bench import measures

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    wanted = sys.argv[1:] or list(measures.MEASURES)
    unknown = [name for name in wanted if name not in measures.MEASURES]
    if unknown:
        print(f"no such measure: {', '.join(unknown)}; there are {', '.join(measures.MEASURES)}", file=sys.stderr)
        return 2
    if len(wanted) > 1:  # each in a process of its own: a measure stops the servers that it was connected to
        return max(subprocess.run([sys.executable, "-m", "bench", name], check=False).returncode for name in wanted)
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in wanted:
        for figure in measures.MEASURES[name]():
            print(f"{figure.name} {figure.value:.4g} {figure.unit} {figure.yardstick} {figure.ratio:.3g}", flush=True)
            known[figure.name] = {
                "value": round(figure.value, 4),
                "unit": figure.unit,
                "yardstick": figure.yardstick,
                "ratio": round(figure.ratio, 3),
            }
    RESULTS.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
