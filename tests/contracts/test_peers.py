"""How a peer is asked: retries within a budget, tokens renewed, answers checked, nothing believed."""

from datetime import date

import httpx
import pyarrow as pa
import pytest
import stamina

from contracts.transports import Scripted
from heli_shared.contracts.assessment.client import HttpAssessment
from heli_shared.contracts.credentials import ClientCredentials
from heli_shared.contracts.errors import Gone, Malformed, Refused, Unreachable, Unrecognised
from heli_shared.contracts.fake_ledger import FakeLedger, ledger_batch
from heli_shared.contracts.feed import START, Cursor
from heli_shared.contracts.peer import FixedToken, Patience, Peer, RetryBudget, open_http

EMPTY = {"items": [], "next": "e:0", "head": "e:0", "epoch": "e"}


@pytest.fixture(autouse=True)
def _no_waiting():
    with stamina.set_testing(testing=True, attempts=3):
        yield


def peer(transport: httpx.BaseTransport, **more) -> Peer:
    http = open_http("http://peer.test", Patience(), transport=transport)
    return Peer("peer", http, tokens=more.pop("tokens", FixedToken("t")), **more)


def source(transport: httpx.BaseTransport, **more) -> HttpAssessment:
    return HttpAssessment(peer(transport, **more))


def answer(status=200, json=None, **more):
    return lambda _request: httpx.Response(status, json=json, **more)


@pytest.mark.parametrize(
    "fault", [answer(503), answer(500), answer(429), httpx.ConnectError("x"), httpx.ReadTimeout("x")]
)
def test_a_fault_that_passes_is_not_noticed(fault):
    transport = Scripted(fault, answer(json=EMPTY))

    assert source(transport).changes().items == []
    assert len(transport.asked) == 2


@pytest.mark.parametrize("fault", [answer(503), httpx.ConnectError("x")])
def test_a_fault_that_stays_is_unreachable_after_a_few_tries(fault):
    transport = Scripted(fault)

    with pytest.raises(Unreachable):
        source(transport).changes()
    assert len(transport.asked) == 3


def test_retries_stop_when_the_budget_is_spent():
    transport = Scripted(answer(503))
    asking = source(transport, budget=RetryBudget(share=0.1, most=10))
    for _ in range(100):
        with pytest.raises(Unreachable):
            asking.changes()

    assert len(transport.asked) <= 100 + 10 + 100 * 0.1


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, Refused), (403, Refused), (404, Refused), (410, Gone), (401, Unrecognised), (302, Malformed)],
)
def test_a_refusal_is_not_asked_again(status, expected):
    transport = Scripted(answer(status, {"type": "urn:heli:problem:x"}))

    with pytest.raises(expected):
        source(transport).changes()
    assert len(transport.asked) == (2 if status == 401 else 1)


def test_a_token_that_is_refused_is_renewed_once():
    grants = Scripted(
        *(answer(json={"access_token": f"t{n}", "token_type": "Bearer", "expires_in": 600}) for n in (1, 2))
    )
    tokens = ClientCredentials(peer(grants), "reporting", secret=lambda: "s")
    transport = Scripted(answer(401), answer(json=EMPTY))
    source(transport, tokens=tokens).changes()

    assert [each.headers["Authorization"] for each in transport.asked] == ["Bearer t1", "Bearer t2"]


def test_a_token_is_kept_until_shortly_before_it_ends():
    now = [0.0]
    grants = Scripted(
        *(answer(json={"access_token": f"t{n}", "token_type": "Bearer", "expires_in": 600}) for n in (1, 2))
    )
    tokens = ClientCredentials(peer(grants), "reporting", secret=lambda: "s", monotonic=lambda: now[0])
    first = tokens.token()
    now[0] = 569
    assert tokens.token() == first
    now[0] = 570
    assert tokens.token() == "t2"


def no_secret() -> str:
    raise FileNotFoundError


@pytest.mark.parametrize("secret", [lambda: None, no_secret])
def test_without_a_secret_there_is_nobody_to_ask_yet(secret):
    with pytest.raises(Unreachable):
        ClientCredentials(peer(Scripted(answer(500))), "reporting", secret=secret).token()


ENTRY = FakeLedger("x")
ENTRY.append("zone", "zon-1", effective_on=date(2026, 1, 1), changes={"name": "x"})
ONE = ENTRY.entries[0].model_dump(mode="json")


@pytest.mark.parametrize(
    "lie",
    [
        {},
        {**EMPTY, "items": [{"seq": "one"}]},
        {**EMPTY, "items": [{**ONE, "seq": 2}], "next": "e:2", "head": "e:2"},
        {**EMPTY, "items": [ONE, ONE], "next": "e:2", "head": "e:2"},
        {**EMPTY, "items": [ONE], "next": "e:7", "head": "e:7"},
        {**EMPTY, "items": [ONE], "next": "e:1", "head": "e:0"},
        {**EMPTY, "items": [{**ONE, "operation": "drop"}], "next": "e:1", "head": "e:1"},
        {**EMPTY, "items": [{**ONE, "recorded_at": "2026-01-01T00:00:00"}], "next": "e:1", "head": "e:1"},
        {**EMPTY, "next": "other:0"},
        {**EMPTY, "next": "nonsense"},
        {**EMPTY, "head": "e:5"},
    ],
)
def test_a_page_that_breaks_the_contract_is_malformed(lie):
    with pytest.raises(Malformed):
        source(Scripted(answer(json=lie))).changes(START)


def test_a_feed_that_changes_its_epoch_silently_is_malformed():
    with pytest.raises(Malformed):
        source(Scripted(answer(json=EMPTY))).changes(Cursor("before", 0))


def test_an_answer_that_does_not_end_is_cut_off():
    with pytest.raises(Malformed):
        source(Scripted(answer(json={**EMPTY, "more": "x" * 2000})), json_limit=1000).changes()


def bulk(body: bytes, known_at: int | None) -> HttpAssessment:
    headers = {} if known_at is None else {"Heli-Known-At": str(known_at), "Heli-Epoch": "e"}
    return source(Scripted(answer(content=body, headers=headers)))


def stream(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


WHOLE = stream(ledger_batch(ENTRY.entries))


def test_a_bulk_copy_is_read_as_it_was_promised():
    with bulk(WHOLE, 1).export("ledger") as copy:
        assert sum(batch.num_rows for batch in copy.batches) == 1


@pytest.mark.parametrize(
    ("body", "known_at"),
    [
        (WHOLE, None),
        (WHOLE, 2),
        (WHOLE[:-200], 1),
        (b"", 1),
        (b"<html>not arrow</html>", 1),
        (stream(pa.RecordBatch.from_pydict({"seq": [1]})), 1),
    ],
)
def test_a_bulk_copy_that_is_cut_off_or_something_else_is_malformed(body, known_at):
    with pytest.raises(Malformed), bulk(body, known_at).export("ledger") as copy:
        list(copy.batches)


class Breaking(httpx.SyncByteStream):
    """A body that breaks off in the middle."""

    def __iter__(self):
        yield WHOLE[:300]
        raise httpx.ReadError("reset by peer")


def test_a_bulk_copy_whose_connection_breaks_is_unreachable():
    headers = {"Heli-Known-At": "1", "Heli-Epoch": "e"}
    broken = source(Scripted(lambda _request: httpx.Response(200, headers=headers, stream=Breaking())))

    with pytest.raises(Unreachable), broken.export("ledger") as copy:
        list(copy.batches)
