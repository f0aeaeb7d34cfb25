"""No input breaks assessment, on either database."""

from assessment.world import World
from fuzzing import try_all


def test_no_input_breaks_assessment(world: World):
    try_all(world.app, world.headers["admin"], examples=15)
