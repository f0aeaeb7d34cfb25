"""Where the services and their data are, from HELI_* variables; the services read the same ones."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heli_cli.refusals import Refusal

SERVICES = ("registry", "assessment", "reporting")
_PORTS = {"registry": 8101, "assessment": 8102, "reporting": 8103}
_ANY = "0.0.0.0"  # noqa: S104 - compared with, not bound to
_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Settings:
    """The data folder, the address that the services listen on, and where each of them is reached."""

    data: Path
    host: str
    ports: Mapping[str, int]
    urls: Mapping[str, str]
    token: str | None

    def database_url(self, service: str, environment: Mapping[str, str]) -> str:
        """Return the database of a service: the one that was set, or its file in the data folder."""
        given = environment.get(f"HELI_{service.upper()}_DATABASE_URL")
        return given or f"sqlite:///{self.data / f'{service}.sqlite'}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in force; Refusal when a port is no port."""
    given = os.environ if environment is None else environment
    host = given.get("HELI_HOST") or "127.0.0.1"
    ports = {name: _port(f"HELI_{name.upper()}_PORT", given, _PORTS[name]) for name in SERVICES}
    near = "127.0.0.1" if host == _ANY else host
    urls = {
        name: (given.get(f"HELI_{name.upper()}_URL") or f"http://{near}:{ports[name]}").rstrip("/") for name in SERVICES
    }
    data = Path(given.get("HELI_DATA") or ".heli").expanduser().absolute()
    return Settings(data, host, ports, urls, given.get("HELI_TOKEN") or None)


def _port(name: str, given: Mapping[str, str], usual: int) -> int:
    text = given.get(name) or str(usual)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _HIGHEST_PORT):
        raise Refusal(
            f"{name} 应为 1 到 65535 的端口号，现为“{text[:20]}”。",
            f"{name} must be a port from 1 to 65535, it is {text[:20]!r}.",
        )
    return int(text)
