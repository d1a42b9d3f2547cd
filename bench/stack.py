"""Parts of the portal, each by itself: broker, door, door behind the edge, peers."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bench import web
from bench.cluster import CHECKOUT, Server, folder
from bench.datasets import environment
from bench.web import Web
from portal.runtime import child, edge, layout, processes, valkey
from portal.runtime.config import Config
from portal.runtime.edge import Upstreams

DOOR_PATH = "/callbacks/live/status"
_PEERS = Path(__file__).parent / "peers"


class NoPeer(Exception):
    """A peer cannot be measured here; the message says why."""


@contextmanager
def broker() -> Iterator[str]:
    """Run a Valkey in the block; yields its address."""
    home = folder() / "valkey"
    home.mkdir(parents=True, exist_ok=True)
    path = layout.socket_folder(folder()) / "valkey.sock"
    path.unlink(missing_ok=True)
    with (folder() / "valkey.log").open("wb") as log:
        process = child.start(
            valkey.command(data=home, socket_path=path), output=log.fileno()
        )
    try:
        while not valkey.is_ready(path):
            if process.poll() is not None:
                raise SystemExit("Valkey did not start: see valkey.log.")
            time.sleep(0.05)
        yield valkey.url(path)
    finally:
        process.terminate()
        process.wait()


def prepare(address: str, redis: str) -> dict[str, str]:
    """Migrate an empty database and make the channels; return the environment."""
    env = {
        **environment(address, redis),
        "DATA_DIR": str(folder() / "portal"),
        "BACKGROUND_THREADS": "on",
        "ALLOW_UNSAFE_DATABASE": "0",
        "LOG_FORMAT": "json",
    }
    (folder() / "portal" / "spool").mkdir(parents=True, exist_ok=True)
    run_python(env, "-m", "bench.dataset", "0")
    return env


def run_python(env: Mapping[str, str], *arguments: str) -> str:
    """Run a module to its end; return what it printed."""
    with steps_log() as log:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=CHECKOUT,
            env=dict(env),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed: see {folder()}/steps.log.")
    return done.stdout


def steps_log() -> IO[bytes]:
    """Return the file where processes of the benchmark may talk."""
    return (folder() / "steps.log").open("ab")


@contextmanager
def door(env: Mapping[str, str]) -> Iterator[Web]:
    """Serve the door alone, on a port."""
    with web.python_server(
        "door", "portal.door_wsgi", path=DOOR_PATH, env=env, folder=folder()
    ) as served:
        yield served


@contextmanager
def door_behind_edge(env: Mapping[str, str]) -> Iterator[Web]:
    """Serve the door on its private socket, and the edge before it on a port."""
    home = layout.prepare(folder() / "edge")
    upstreams = Upstreams.of(home.sockets or home.root)
    port = web.free_port()
    config = Config(
        bind="127.0.0.1",
        port=port,
        data_dir=home.root,
        has_own_database=False,
        has_own_redis=False,
        has_edge=True,
        public_base_url="",
        callback_max_bytes=10 * 1024 * 1024,
        trusted_proxies=(),
    )
    file = edge.write_config(config, home, upstreams)
    for socket in (upstreams.door, upstreams.inner):
        socket.unlink(missing_ok=True)
    at_the_door = processes._granian(
        "portal.door_wsgi:application", processes._on_socket(upstreams.door)
    )
    script = '"$@" & eval "$EDGE" & wait'
    own = {
        **env,
        **edge.environment(home),
        "PORTAL_BEHIND_EDGE": "1",
        "EDGE": " ".join(edge.command(file)),
    }
    with web.server(
        "edge",
        ["/bin/sh", "-c", script, "sh", *at_the_door],
        port=port,
        path=DOOR_PATH,
        env=own,
        folder=folder(),
    ) as served:
        while not upstreams.door.exists():
            time.sleep(0.05)
        yield served


@contextmanager
def python_peer(
    name: str, address: str, redis: str, *, settings: str = "settings"
) -> Iterator[Web]:
    """Serve a peer in Django: ``nothing``, ``plain`` or ``tasks``."""
    env = {
        **environment(address, redis),
        "DJANGO_SETTINGS_MODULE": f"bench.peers.{settings}",
    }
    with web.python_server(
        name, "bench.peers.wsgi", path=f"/{name}", env=env, folder=folder()
    ) as served:
        yield served


@contextmanager
def node_peer(name: str, address: str, *, path: str = "/push") -> Iterator[Web]:
    """Serve a peer in Node: ``fastify`` or ``node-red``. Raises ``NoPeer``."""
    home = _installed()
    port = web.free_port()
    user = home / "node-red"
    user.mkdir(exist_ok=True)
    command = {
        "fastify": ["node", "receiver.mjs"],
        "node-red": ["node", "node_modules/node-red/red.js", "-s", "settings.cjs"],
    }[name]
    env = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "PORT": str(port),
        "PEER_URL": _for_node(address),
        "PEER_FOLDER": str(user),
        "PEER_FLOW": str(home / "flow.json"),
        "NODE_ENV": "production",
    }
    there = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', str(home), *command]
    with web.server(
        name, there, port=port, path=path, env=env, folder=folder()
    ) as served:
        yield served


def make_peers_table(server: Server) -> str:
    """Make the database and the one table of the peers; return its address."""
    address = server.create("peers")
    env = {**environment(address), "DJANGO_SETTINGS_MODULE": "bench.peers.settings"}
    run_python(env, "-m", "bench.peers.table")
    return address


def _installed() -> Path:
    """Return the folder of the Node peers; installs them when they changed."""
    home = folder() / "peers"
    home.mkdir(parents=True, exist_ok=True)
    if shutil.which("npm") is None:
        raise NoPeer("there is no Node here")
    for file in ("receiver.mjs", "settings.cjs", "flow.json"):
        shutil.copy(_PEERS / file, home)
    wanted = (_PEERS / "package.json").read_text()
    there = home / "installed.json"
    if not there.exists() or there.read_text() != wanted:
        shutil.copy(_PEERS / "package.json", home)
        done = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"],  # noqa: S607  # the reader's own
            cwd=home,
            check=False,
            capture_output=True,
        )
        if done.returncode:
            raise NoPeer("npm could not install it")
        there.write_text(wanted)
    return home


def _for_node(address: str) -> str:
    """Return an address as node-postgres spells a socket's folder."""
    head, _, sockets = address.partition("?host=")
    return f"{head}?host={sockets}"
