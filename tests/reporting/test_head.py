"""HEAD on a real server: statistics as GET has them, and a stream of events that ends at once."""

import httpx

from reporting.serving import serving
from reporting.world import World


def test_head_of_an_answer_and_of_a_stream(world: World):
    with serving(world.app) as server, httpx.Client(base_url=server.address, headers=world.admin) as client:
        asked = "/v1/statistics?measure=enterprise_count"
        head, get = client.head(asked), client.get(asked)
        events = client.head("/v1/events")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(get.content))
    assert (events.status_code, events.content) == (200, b"")
    assert events.headers["content-type"].startswith("text/event-stream")
