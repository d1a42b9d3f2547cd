"""The examples for nginx and systemd are ones that nginx and systemd take."""

import shutil
import subprocess
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.runtime import processes
from portal.runtime.config import CHECKOUT

_DEPLOY = CHECKOUT / "deploy"
_NAME = "portal.example.org"


def _program(name: str) -> str:
    """Return where a program is; a machine without it skips the test, loudly."""
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        warnings.warn(
            f"{name} is not installed: its example was NOT tested", stacklevel=2
        )
        pytest.skip(f"{name} is not installed")
    return found


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / f"{_NAME}.pem").write_bytes(certificate.public_bytes(pem))
    (folder / f"{_NAME}.key").write_bytes(
        key.private_bytes(pem, plain, serialization.NoEncryption())
    )


def test_nginx_takes_its_example(tmp_path: Path) -> None:
    nginx = _program("nginx")
    _certificate(tmp_path)
    text = (_DEPLOY / "nginx" / "receipt-portal.conf").read_text()
    for place in ("/etc/ssl", "/var/log/nginx"):
        text = text.replace(place, str(tmp_path))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ {text} }}"
    )
    command = [nginx, "-t", "-e", "stderr", "-p", str(tmp_path), "-c", "nginx.conf"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr.replace('the "user" directive', "")


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    verify = _program("systemd-analyze")
    shutil.copytree(_DEPLOY / "systemd", tmp_path, dirs_exist_ok=True)
    for file in tmp_path.rglob("*.*"):
        if file.is_file():
            here = file.read_text().replace("/opt/receipt-portal", str(CHECKOUT))
            file.write_text(here)
    units = [*tmp_path.glob("*.service"), *tmp_path.glob("*.target")]

    done = subprocess.run(
        [verify, "verify", "--man=no", *map(str, units)],
        capture_output=True,
        text=True,
        check=False,
    )

    told = [line for line in done.stderr.splitlines() if "receipt-portal" in line]
    assert (done.returncode, told) == (0, [])


def test_units_start_what_the_supervisor_starts() -> None:
    web = processes._granian("portal.door_wsgi:application", ())
    unit = (_DEPLOY / "systemd" / "receipt-portal-door.service").read_text()
    worker = (_DEPLOY / "systemd" / "receipt-portal-worker.service").read_text()

    assert not [word for word in web[1:] if word not in unit]
    assert not [word for word in processes._WORKER if word not in worker]
