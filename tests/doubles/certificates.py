"""Certificates made on the spot, good ones and bad ones, with the openssl of the machine."""

import subprocess
from pathlib import Path
from typing import Literal

Flaw = Literal["none", "another name", "expired", "nobody's"]


def authority(folder: Path) -> Path:
    """Somebody who signs; the file to trust."""
    folder.mkdir(parents=True, exist_ok=True)
    _openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-keyout", str(folder / "ca.key"), "-out", str(folder / "ca.pem"), "-days", "2"),
        *("-subj", "/CN=Test authority", "-addext", "keyUsage=critical,keyCertSign"),
    )
    return folder / "ca.pem"


def certificate(folder: Path, flaw: Flaw) -> tuple[Path, Path]:
    """A certificate for "localhost" with this flaw, and its key. `authority` was there before."""
    name = flaw.replace(" ", "-").replace("'", "")
    key, made = folder / f"{name}.key", folder / f"{name}.pem"
    host = "imap.elsewhere.example" if flaw == "another name" else "localhost"
    extension = folder / f"{name}.ext"
    extension.write_text(f"subjectAltName=DNS:{host}\n")
    subject = ("-subj", f"/CN={host}")
    if flaw == "nobody's":
        _openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-nodes", "-keyout", str(key), "-out", str(made), "-days", "2", *subject),
            *("-addext", f"subjectAltName=DNS:{host}"),
        )
        return made, key
    request = folder / f"{name}.csr"
    _openssl(
        *("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-keyout", str(key), "-out", str(request), *subject),
    )
    days = "-1" if flaw == "expired" else "2"
    _openssl(
        *("x509", "-req", "-in", str(request), "-CA", str(folder / "ca.pem")),
        *("-CAkey", str(folder / "ca.key"), "-out", str(made), "-days", days),
        *("-extfile", str(extension)),
    )
    return made, key


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
