"""Refusals do not send back what was sent, however long it is."""

from assessment.world import World
from echoes import echoing


def test_what_was_sent_is_not_sent_back_however_long(small_world: World):
    assert echoing(small_world.app, small_world.get) == []
