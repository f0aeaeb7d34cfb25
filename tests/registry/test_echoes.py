"""Refusals do not send back what was sent, however long it is."""

from echoes import echoing
from registry.conftest import Registry


def test_what_was_sent_is_not_sent_back_however_long(county: Registry):
    assert echoing(county.app, county.get) == []
