"""Kept bulk copies: the same bytes while nothing of the kind changed, nothing older, never for a narrower scope."""

import io
import threading

import pyarrow as pa
import pytest

from heli_shared.ledger.appending import Head
from heli_shared.records.deliveries import Counted
from heli_shared.records.snapshots import SnapshotShelf
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B, Registry
from registry.exchange.copy_search import Copy

ARROW = "/v1/exports/enterprises?format=arrow"


@pytest.fixture
def filled(county: Registry) -> Registry:
    for number in range(1, 6):
        division = TOWN_A if number < 4 else TOWN_B
        county.made(
            "/v1/enterprises", uscc=code(number), name=f"企业{number}", division=division, former_names=["旧", "名"]
        )
    return county


def rows(content: bytes) -> list[dict]:
    return pa.ipc.open_stream(io.BytesIO(content)).read_all().to_pylist()


def kept(registry: Registry) -> list[str]:
    return sorted(path.name.split(".")[0] for path in (registry.settings.data / "snapshots").glob("*"))


def test_a_copy_is_kept_and_sent_again_with_its_digest(filled: Registry):
    first, second = filled.get(ARROW), filled.get(ARROW)

    assert kept(filled) == ["enterprises"]
    assert second.content == first.content
    assert "content-digest" not in first.headers
    assert second.headers["content-digest"] == Copy.content_digest(second.content)
    assert second.headers["content-length"] == str(len(second.content))
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["heli-known-at"] == first.headers["heli-known-at"]
    assert [row["former_names"] for row in rows(second.content)] == [["旧", "名"]] * 5


def test_other_kinds_move_and_the_copy_still_holds(filled: Registry):
    first = filled.get(ARROW)
    filled.made("/v1/zones", name="园区", kind="park", division=COUNTY)
    again = filled.get(ARROW)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert filled.get(ARROW, headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_a_change_of_the_kind_ends_the_copy(filled: Registry):
    first = filled.get(ARROW)
    filled.patch(f"/v1/enterprises/{code(1)}", {"staff": 3})
    again = filled.get(ARROW, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200
    assert next(row for row in rows(again.content) if row["uscc"] == code(1))["staff"] == 3
    assert again.headers["etag"] != first.headers["etag"]
    assert kept(filled) == ["enterprises"]


def test_every_format_is_answered_with_304_while_it_holds(filled: Registry):
    for format_ in ("ndjson", "csv", "parquet", "arrow"):
        path = f"/v1/exports/enterprises?format={format_}"
        etag = filled.get(path).headers["etag"]
        assert filled.get(path, headers={"If-None-Match": etag}).status_code == 304, format_
        assert filled.get(path, headers={"If-None-Match": f'"x", W/{etag}'}).status_code == 304, format_
        other = etag.replace(format_, "other")
        assert filled.get(path, headers={"If-None-Match": other}).status_code == 200, format_


def test_a_narrower_scope_never_gets_the_kept_copy(filled: Registry):
    filled.get(ARROW)
    answer = filled.get(ARROW, by="clerk_a")
    assert {row["division"] for row in rows(answer.content)} == {TOWN_A}
    assert kept(filled) == ["enterprises"]
    assert len(rows(filled.get(ARROW).content)) == 5


def test_as_of_copies_are_not_kept_nor_taken_from_the_shelf(filled: Registry):
    first = filled.get(ARROW)
    known_at = int(first.headers["heli-known-at"])
    earlier = filled.get(f"{ARROW}&known_at={known_at - 1}")
    assert len(rows(earlier.content)) == 4
    assert filled.get(ARROW).content == first.content


def test_the_ledgers_copy_holds_until_the_next_entry(filled: Registry):
    first = filled.get("/v1/exports/ledger?format=arrow")
    assert filled.get("/v1/exports/ledger?format=arrow").content == first.content
    filled.made("/v1/zones", name="园区", kind="park", division=COUNTY)
    assert len(rows(filled.get("/v1/exports/ledger?format=arrow").content)) == len(rows(first.content)) + 1


def test_the_digest_of_any_stream_can_be_asked_for(filled: Registry):
    for path in ("/v1/exports/enterprises?format=csv", "/v1/exports/ledger?format=ndjson"):
        answer = filled.get(path, headers={"Want-Content-Digest": "sha-256=1"})
        assert answer.headers["content-digest"] == Copy.content_digest(answer.content)
        assert answer.headers["heli-request"] == f"GET {path}"
        assert "content-digest" not in filled.get(path, headers={"Want-Content-Digest": "sha-256=0"}).headers


def test_many_readers_at_once_all_get_whole_copies(filled: Registry):
    found: list[int] = []

    def read() -> None:
        found.append(len(rows(filled.get(ARROW).content)))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [5] * 8
    assert kept(filled) == ["enterprises"]


def test_who_leaves_with_the_last_piece_leaves_a_kept_copy_and_who_leaves_before_leaves_none(tmp_path):
    head, pieces = Head("e" * 16, 9, "0" * 64), [b"one", b"two", b"end"]
    shelf = SnapshotShelf(tmp_path)

    def read(count: int) -> list[bytes]:
        stream = shelf.kept(iter(pieces), Counted(), name="units", head=head, shape="s")
        found = [next(stream) for _ in range(count)]
        stream.close()
        return found

    assert (read(2), list(tmp_path.iterdir())) == (pieces[:2], [])
    assert read(3) == pieces
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == b"".join(pieces)
