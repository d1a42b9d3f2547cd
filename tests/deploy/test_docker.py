"""The Docker and Caddy examples: whole, and of the same processes as ``make run``."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from portal.runtime import binaries, edge, processes
from portal.runtime.config import CHECKOUT
from portal.runtime.layout import Layout
from tests.skipping import skip_loudly

DOCKER = CHECKOUT / "deploy" / "docker"
CADDYFILE = CHECKOUT / "deploy" / "caddy" / "Caddyfile"
_OTHERS = {"database", "valkey", "edge"}


@pytest.fixture(scope="module")
def compose() -> dict[str, dict[str, dict[str, object]]]:
    """The compose file, its anchors resolved."""
    loaded: dict[str, dict[str, dict[str, object]]]
    loaded = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    return loaded


Compose = dict[str, dict[str, dict[str, object]]]


def ours(compose: Compose) -> dict[str, dict[str, object]]:
    return {k: v for k, v in compose["services"].items() if k not in _OTHERS}


def test_compose_runs_each_process_that_make_run_starts(compose: Compose) -> None:
    started = {"door", "web", "worker", "sweep", "beat", "queue"}
    source = Path(processes.__file__).read_text()

    assert ours(compose).keys() == started | {"prepare"}
    for name in started:
        environment = ours(compose)[name]["environment"]
        assert isinstance(environment, dict)
        assert environment["PORTAL_PROCESS"] == name
        assert f'"{name}"' in source or f"consume_{name}" in source


@pytest.mark.parametrize("name", ["door", "web"])
def test_web_processes_are_started_as_make_run_does(
    name: str, compose: Compose
) -> None:
    command = ours(compose)[name]["command"]
    assert isinstance(command, list)
    module = {"door": "portal.door_wsgi", "web": "portal.wsgi"}[name]
    there = processes._granian(f"{module}:application", ("--host", "0.0.0.0", "--port", "8000"))  # fmt: skip

    words = [word for part in command for word in str(part).split("=", 1)]

    assert words[1:] == there[1:]


def test_every_file_that_the_containers_need_is_there(compose: Compose) -> None:
    for service in compose["services"].values():
        needed = service.get("env_file")
        assert needed is None or (DOCKER / f"{needed}.example").is_file()
        for volume in service.get("volumes", []):  # type: ignore[attr-defined]  # a list
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (DOCKER / source).exists(), source
    for service in ours(compose).values():
        build = service["build"]
        assert isinstance(build, dict)
        context = DOCKER / build["context"]
        assert (context / build["dockerfile"]).samefile(DOCKER / "Dockerfile")


def test_everything_that_is_copied_into_the_image_is_there_and_let_in() -> None:
    let_in = {
        line[1:]
        for line in (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE
    )

    names = {name for line in copied for name in line.split()}
    assert names == let_in
    for name in names:
        assert (CHECKOUT / name).exists(), name


def test_image_runs_as_nobody_special_and_every_image_names_its_version(
    compose: Compose,
) -> None:
    lines = (DOCKER / "Dockerfile").read_text().splitlines()

    assert [line for line in lines if line.startswith("USER")] == ["USER portal"]
    bases = [line.split()[1] for line in lines if line.startswith("FROM")]
    images = [str(compose["services"][name]["image"]) for name in _OTHERS]
    assert all(re.search(r":\d", image) for image in (*bases, *images))


def test_nothing_but_the_edge_is_open_to_the_outside(compose: Compose) -> None:
    """Door and web believe whoever reaches them about the caller's address."""
    open_ = {name for name, it in compose["services"].items() if it.get("ports")}

    assert open_ == {"edge"}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {
            "PORTAL_HOST": "p.example.org",
            "PORTAL_DOOR": "door:8000",
            "PORTAL_WEB": "web:8000",
            "PORTAL_INNER": "unix//tmp/inner.sock",
        },
    ],
)
def test_caddy_takes_its_example(environment: dict[str, str], tmp_path: Path) -> None:
    command = [str(binaries.caddy()), "validate", "--config", str(CADDYFILE)]

    done = subprocess.run(
        [*command, "--adapter", "caddyfile"],
        env={**edge.environment(Layout(tmp_path)), **environment},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_docker_takes_the_compose_file(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    has_compose = docker and _run([docker, "compose", "version"]).returncode == 0
    if docker is None or not has_compose:
        skip_loudly("DOCKER COMPOSE", "the compose file was not checked by it")
    for example in DOCKER.glob("*.env.example"):
        shutil.copy(example, tmp_path / example.stem)
    text = (DOCKER / "compose.yaml").read_text()
    (tmp_path / "compose.yaml").write_text(text)

    command = [docker, "compose", "-f", str(tmp_path / "compose.yaml"), "config", "-q"]
    done = _run(command)

    assert done.returncode == 0, done.stderr


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": "/usr/bin:/bin", "PORTAL_HOST": "p.example.org"}
    return subprocess.run(command, env=environment, capture_output=True, text=True)
