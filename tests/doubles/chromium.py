"""Where Chromium is, and how it is started for tests."""

import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
# A container has no user namespaces for the sandbox and no graphics card; the rest keeps the
# browser from calling home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> Path | None:
    """The installed browser, or None."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return None
