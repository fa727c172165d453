"""Find a browser for the tests: a system Chromium or Chrome, else playwright's own, else Debian's package when root.

Run as `python -m tests.find_browser` before the tests: it installs one where it can, and says what will be skipped
where it cannot. In CI (CI=true) a missing browser is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]


def system_browser() -> str | None:
    chosen = os.environ.get("PORTAL_BROWSER")
    if chosen:
        return chosen
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def playwright_browser() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find() -> str | None:
    """The path of an installed browser, or None."""
    return system_browser() or playwright_browser()


def install() -> str | None:
    """Try playwright's download, then Debian's package; the browser's path when one of them worked."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    print("Looking for a browser: trying playwright's download ...", flush=True)  # noqa: T201
    own = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        if subprocess.run(own, check=False, timeout=300, **quiet).returncode == 0 and (path := playwright_browser()):
            return path
    except subprocess.TimeoutExpired:
        pass
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("... then Debian's package chromium ...", flush=True)  # noqa: T201
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(command, check=False, env=environment, timeout=900, **quiet)
    return system_browser()


def main() -> int:
    if find() or install():
        return 0
    print("No browser found: the browser tests will be skipped. Install Chromium, or set PORTAL_BROWSER to one.")  # noqa: T201
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
