"""What the pages tell departments to run agrees with what the registry does."""

import re
from pathlib import Path

from heli_registry.subscriptions.domain import signature_of
from heli_shared.records.digests import DigestTree, canonical_text, digest_row

DOCS = Path(__file__).resolve().parents[3] / "docs"


def code_of(page: str) -> dict:
    (source,) = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    names: dict = {}
    exec(source, names)  # noqa: S102 - the page's own code is what is tested
    return names


def test_the_documented_digests_are_the_registrys():
    said = code_of("rules/digests.md")
    rows = [
        {"id": f"row-{number}", "name": f'“é\\"{number}\u2028\u007f', "n": number, "yes": True, "no": None,
         "list": ["一", "\t"], "version": number}
        for number in range(600)
    ]  # fmt: skip
    tree = DigestTree.of(digest_row(row["id"], row["version"], canonical_text(row)) for row in rows)
    for prefix in ("", "00", "7f", "7f0a"):
        assert said["node_digest"](rows, "id", prefix) == tree.node(prefix).digest, prefix


def test_the_worked_example_is_right():
    said, page = code_of("rules/digests.md"), (DOCS / "rules/digests.md").read_text(encoding="utf-8")
    rows = [{"id": "a", "n": 1, "x": None, "version": 7}, {"id": "b", "n": 2, "x": "二", "version": 8}]
    shown = [each for row in rows for each in (said["place"](row["id"]), said["row_digest"](row))]
    shown += [said["node_digest"](rows, "id"), said["node_digest"](rows, "id", "ca")]
    assert [digest[:8] for digest in shown if f"`{digest[:8]}…`" not in page] == []


def test_the_documented_check_of_a_signature_takes_ours_and_no_other():
    is_ours = code_of("how-to/exchange-data.md")["is_ours"]
    body, event, now = b'{"items":[]}', "sub-1-e-3-9", 1_780_000_000
    headers = {"Heli-Event-Id": event, "Heli-Signature": signature_of("s", event=event, timestamp=now, body=body)}
    assert is_ours("s", headers, body, now + 5)
    assert not is_ours("t", headers, body, now)
    assert not is_ours("s", headers, body + b" ", now)
    assert not is_ours("s", {**headers, "Heli-Event-Id": "sub-1-e-3-8"}, body, now)
    assert not is_ours("s", headers, body, now + 301)
