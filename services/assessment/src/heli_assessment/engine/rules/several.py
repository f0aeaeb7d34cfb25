"""What rules on several inputs promise: those that are there count already, the others open the item's range."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np

from heli_assessment.engine.amounts import BoolArray, IntArray
from heli_assessment.engine.rules.base import Rule, Setting

UNKNOWN = -1
"""Stands in `settings` for an input that is missing; values are never below 0."""


class Several(Rule):
    """A rule on several inputs, each of which may be missing or not applicable by itself."""

    __slots__ = ()

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return the points of inputs that are all there."""
        there = [np.ones(values[0].shape, dtype=np.bool_)] * len(values)
        return self.together(values, there, maximum)

    @abstractmethod
    def together(self, values: Sequence[IntArray], there: Sequence[BoolArray], maximum: int) -> IntArray:
        """Return the points of the inputs that are there, not yet clipped to the span."""

    @abstractmethod
    def worst(self, maximum: int) -> Setting:
        """Return measure values that give least."""

    def utmost(self, maximum: int) -> Setting:
        """Return measure values that give most."""
        return self.best(maximum)
