"""The containers keep their promises on paper: no default secrets, no root, nothing writable, one published door."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = ("registry", "assessment", "reporting", "proxy")
DOCKERFILES = {
    **{name: ROOT / f"services/{name}/Dockerfile" for name in OURS[:3]},
    "proxy": ROOT / "containers/proxy/Dockerfile",
}
SECRET = re.compile(r"PASSWORD|SECRET|KEY")


def secrets_with_defaults(environment: dict[str, str]) -> list[str]:
    """Return the secrets that would start without anybody having set them."""
    return [
        name
        for name, value in environment.items()
        if (SECRET.search(name) or "PASSWORD" in value) and not re.search(r"\$\{[A-Z_]+:\?", value)
    ]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_no_secret_has_a_default(name):
    assert secrets_with_defaults(COMPOSE["services"][name].get("environment", {})) == []


def test_a_default_secret_is_seen():
    assert secrets_with_defaults({"POSTGRES_PASSWORD": "${HELI_PASSWORD:-heli}"}) == ["POSTGRES_PASSWORD"]


def test_the_secrets_that_are_wanted_are_those_that_are_made():
    wanted = set(re.findall(r"\$\{(HELI_[A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))

    made = subprocess.run([ROOT / "containers/secrets"], capture_output=True, text=True, check=True).stdout
    pairs = dict(line.split("=", 1) for line in made.splitlines())

    assert set(pairs) == wanted
    assert all(len(value) == 48 for value in pairs.values())
    assert len(set(pairs.values())) == len(pairs)


@pytest.mark.parametrize("name", OURS)
def test_our_containers_write_nowhere_but_in_their_volume_and_tmp(name):
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108 - inside the container


def test_only_the_proxy_is_published_and_only_here():
    published = {name: each["ports"] for name, each in COMPOSE["services"].items() if "ports" in each}

    assert published == {"proxy": ["${HELI_PUBLISH:-127.0.0.1:8080}:8080"]}


@pytest.mark.parametrize("name", DOCKERFILES)
def test_images_take_their_base_by_argument_run_without_root_and_say_how_they_are(name):
    text = DOCKERFILES[name].read_text(encoding="utf-8")
    check = re.search(r"^HEALTHCHECK .* CMD (\[.*\])$", text, re.MULTILINE)

    assert "ARG BASE=docker.io/library/python:3.11-slim-bookworm" in text
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE)[-1] == "${BASE}"
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["heli"]
    assert check
    assert all(" " not in word for word in json.loads(check[1]))


@pytest.mark.parametrize("script", ["start", "health", "secrets", "proxy/start", "database/10-services.sh"])
def test_scripts_can_be_run(script):
    assert (ROOT / "containers" / script).stat().st_mode & 0o111 == 0o111
