"""The edge: Caddy before the door and the console, and its configuration."""

from dataclasses import dataclass
from pathlib import Path

from portal.runtime import binaries
from portal.runtime.config import Config
from portal.runtime.layout import Layout, write_private

# Said at every start, and no news.
HUSHED = (b"not formatted", b"HTTP/2 skipped", b"admin endpoint disabled", b"byeee")
_TEMPLATE = Path(__file__).with_name("Caddyfile")
_REST_MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstreams:
    """The private sockets behind the edge."""

    door: Path
    web: Path
    inner: Path

    @classmethod
    def of(cls, sockets: Path) -> "Upstreams":
        """Name them in the folder of the sockets."""
        return cls(
            door=sockets / "door.sock",
            web=sockets / "web.sock",
            inner=sockets / "edge.sock",
        )


def command(file: Path) -> list[str]:
    """Return Caddy's command line."""
    caddy = str(binaries.caddy())
    return [caddy, "run", "--config", str(file), "--adapter", "caddyfile"]


def environment(layout: Layout) -> dict[str, str]:
    """Keep what Caddy remembers (certificates) below the data directory."""
    folder = str(layout.edge)
    return {"HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}


def write_config(config: Config, layout: Layout, upstreams: Upstreams) -> Path:
    """Write the Caddyfile of this start and return its path."""
    values = {
        "SITES": _sites(config),
        "AUTO_HTTPS": "disable_redirects" if config.has_own_tls else "off",
        "BIND": config.bind,
        "DOOR": _quoted(upstreams.door),
        "WEB": _quoted(upstreams.web),
        "INNER": _quoted(upstreams.inner),
        "ACCESS_LOG": f'"{layout.edge / "access.log"}"',
        "TRUSTED_PROXIES": _trusted_proxies(config),
        "CALLBACK_MAX": str(config.callback_max_bytes),
        "CALLBACK_ROOM": str(2 * config.callback_max_bytes),
        # One byte more than the door takes tells it that there were more.
        "CALLBACK_AND_ONE": str(config.callback_max_bytes + 1),
        "REST_MAX": str(_REST_MAX_BYTES),
        "REST_ROOM": str(2 * _REST_MAX_BYTES),
        "PLAIN_HTTP": _plain_http(config),
    }
    text = _TEMPLATE.read_text()
    for name, value in values.items():
        text = text.replace(f"${name}$", value)
    path = layout.edge / "Caddyfile"
    write_private(path, text)
    return path


def _sites(config: Config) -> str:
    if config.has_own_tls:
        return f"https://{config.public_host}"
    return f"http://:{config.port}"


def _plain_http(config: Config) -> str:
    """Return the site for port 80 where the portal has a certificate of its own."""
    if not config.has_own_tls:
        return ""
    return (
        "http:// {\n\timport common\n"
        "\t@pushed path /callbacks/* /healthz/*\n"
        "\thandle @pushed {\n\t\timport portal\n\t}\n"
        "\thandle {\n"
        f"\t\tredir {config.public_base_url}{{uri}} 308\n\t}}\n}}\n"
    )


def _trusted_proxies(config: Config) -> str:
    """Return whose forwarded headers the edge believes: nobody's, unless listed."""
    if not config.trusted_proxies:
        return ""
    listed = " ".join(config.trusted_proxies)
    return f"trusted_proxies static {listed}\n\t\ttrusted_proxies_strict"


def _quoted(socket: Path) -> str:
    return f'"unix/{socket}"'
