"""The two signatures: ACS3-HMAC-SHA256 for the token service, MNS for the queue.

Pure: texts in, header values out. Both were compared with the vendor's packages.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credential:
    """A key to sign with; temporary ones have a security token as well."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str = field(default="", repr=False)


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Return the query as it is signed and as it must be sent: sorted and encoded."""
    return "&".join(
        f"{quote(name, safe='~')}={quote(parameters[name], safe='~')}"
        for name in sorted(parameters)
    )


def rpc_authorization(
    credential: Credential, headers: Mapping[str, str], *, query: str
) -> str:
    """Sign a ``POST /?query``; every one of ``headers`` is signed, names lower case.

    They must hold ``x-acs-content-sha256``, the hex digest of the body.
    """
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    signed = ";".join(names)
    digest = headers["x-acs-content-sha256"]
    canonical = "\n".join(("POST", "/", query, lines, signed, digest))
    text = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(
        credential.access_key_secret.encode(), text.encode(), "sha256"
    ).hexdigest()
    return (
        f"{ALGORITHM} Credential={credential.access_key_id},"
        f"SignedHeaders={signed},Signature={signature}"
    )


def queue_authorization(
    credential: Credential, headers: Mapping[str, str], *, method: str, target: str
) -> str:
    """Sign a call of the queue service; ``target`` is path and query as sent.

    ``headers`` have lower-case names; the security token is sent but not signed.
    """
    first = (method, *(headers.get(name, "") for name in _SIGNED_BY_PLACE))
    own = sorted(name for name in headers if name.startswith("x-mns-"))
    text = "\n".join(first) + "\n"
    text += "".join(f"{name}:{headers[name]}\n" for name in own) + target
    signature = hmac.new(
        credential.access_key_secret.encode(), text.encode(), "sha1"
    ).digest()
    return f"MNS {credential.access_key_id}:{base64.b64encode(signature).decode()}"


_SIGNED_BY_PLACE = ("content-md5", "content-type", "date")
