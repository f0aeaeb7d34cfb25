"""Secret files: made once, whole, for the owner only."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from heli_registry.identity import secret_files
from heli_registry.identity.issuer import open_issuer
from heli_shared.kernel.clock import FixedClock

CLOCK = FixedClock(datetime(2026, 11, 23, tzinfo=UTC))


def test_a_secret_file_is_written_once(tmp_path):
    path = tmp_path / "secrets" / "a.secret"
    assert secret_files.create_once(path, b"first") == b"first"
    assert secret_files.create_once(path, b"second") == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [found.name for found in path.parent.iterdir()] == ["a.secret"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o601])
def test_a_secret_open_to_others_is_refused(tmp_path, mode):
    path = tmp_path / "a.secret"
    secret_files.create_once(path, b"x")
    path.chmod(mode)
    with pytest.raises(secret_files.UnsafeSecretFile):
        secret_files.read(path)


def test_the_issuers_key_survives_a_restart(tmp_path):
    first = open_issuer(tmp_path, clock=CLOCK)
    again = open_issuer(tmp_path, clock=CLOCK)
    path = tmp_path / "keys" / "issuer.json"
    assert first.public_keys() == again.public_keys()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_bytes())["keys"][0]["crv"] == "Ed25519"


def test_starting_many_times_at_once_makes_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        kids = set(pool.map(lambda _: open_issuer(tmp_path, clock=CLOCK).public_keys()["keys"][0]["kid"], range(16)))
    assert len(kids) == 1
