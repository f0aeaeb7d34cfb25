"""What would raise a score: every proposal of the rules is tried, and the true gain is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from heli_assessment.engine.book import MARK
from heli_assessment.engine.inputs import ABSENT, KNOWN, MISSING, Column, Input, Inputs, State
from heli_assessment.engine.items import Raw
from heli_assessment.engine.plan import PlannedItem, ScoringPlan
from heli_assessment.engine.rules.base import Label, Labels, Sentence, base_of
from heli_assessment.engine.rules.ranked import Ranked
from heli_assessment.engine.rules.several import UNKNOWN, Several
from heli_assessment.engine.scoring import Verdicts, score
from heli_assessment.engine.standings import Standings
from heli_assessment.engine.windows import labels_within, window_of

Row = Mapping[str, Input]


@dataclass(frozen=True, slots=True)
class Known:
    """What explanations of one subject are made from.

    labels name every measure of the book, `named_keys` the inputs that a rule names in words of its own. `standings`
    hold what the others have, for ranked items; `raw` is what each item gives by itself.
    """

    plan: ScoringPlan
    row: Row
    group: int
    verdicts: Verdicts
    raw: Raw
    labels: Labels
    named_keys: Mapping[str, Label]
    standings: Standings

    def label(self, key: str) -> Label:
        """Return the label of an input key."""
        if key in self.named_keys:
            return self.named_keys[key]
        name = key.partition("@")[0]
        labels = labels_within(self.labels, window_of(key))
        return labels[MARK if base_of(name) == MARK else name]

    def named(self, item: PlannedItem) -> Labels:
        """Return labels for the sentences of an item, within its window."""
        return labels_within(self.labels, window_of(item.keys[0]) if item.keys else None)

    def value(self, key: str) -> Input:
        """Return an input of the subject, missing when there is none."""
        return self.row.get(key, ABSENT)


@dataclass(frozen=True, slots=True)
class Advice:
    """A change of inputs (ten-thousandths by input key) and what it adds to the score (hundredths)."""

    settings: Mapping[str, int]
    change: Sentence
    gain: int


def advise(known: Known) -> dict[int, tuple[Advice, ...]]:
    """Return by item index the changes that raise the score, each with its exact gain on the whole score."""
    tried = [
        (index, settings)
        for index, item in enumerate(known.plan.items)
        if int(known.verdicts.states[index, 0]) in {KNOWN, MISSING} and int(known.raw.least[index, 0]) < item.maximum
        for single in item.singles()
        for settings in _proposals(single, known)
    ]
    if not tried:
        return {}
    variants = score(known.plan, _variants(known, [settings for _, settings in tried]), known.standings)
    base = int(known.verdicts.low_scores[0])
    found: dict[int, list[Advice]] = {}
    for position, (index, settings) in enumerate(tried):
        gain = int(variants.low_scores[position]) - base
        kept = found.setdefault(index, [])
        if gain > 0 and all(gain != other.gain for other in kept):
            kept.append(Advice(settings, _change(settings, known), gain))
    return {index: tuple(kept) for index, kept in found.items()}


def _proposals(item: PlannedItem, known: Known) -> list[Mapping[str, int]]:
    rule = item.rule
    keys = dict(zip(rule.measures, item.keys, strict=True))
    states = {key: known.value(key).state for key in item.keys}
    is_missing = State.MISSING in states.values()
    values = [known.value(key).value for key in item.keys]
    if isinstance(rule, Ranked):
        standing = known.standings.of(item, known.group)
        is_share = known.label(item.keys[0]).is_share
        settings = rule.aims(None if is_missing else values[0], standing, is_share=is_share)
    elif isinstance(rule, Several):
        counted = [UNKNOWN if known.value(key).state is State.MISSING else known.value(key).value for key in item.keys]
        settings = rule.settings(counted, item.maximum)
        return [_that_can_be(setting, keys, states) for setting in settings]
    elif is_missing:
        best = rule.best(item.maximum)
        return [{keys[m]: to for m, to in best.items() if states[keys[m]] is State.MISSING}]
    else:
        settings = rule.settings(values, item.maximum)
    proposals: list[Mapping[str, int]] = [{keys[m]: to for m, to in setting.items()} for setting in settings]
    return proposals if is_missing else [p for p in proposals if all(states[key] is State.VALUE for key in p)]


def _that_can_be(setting: Mapping[str, int], keys: Mapping[str, str], states: Mapping[str, State]) -> Mapping[str, int]:
    return {keys[m]: to for m, to in setting.items() if states[keys[m]] is not State.NOT_APPLICABLE}


def _variants(known: Known, settings: list[Mapping[str, int]]) -> Inputs:
    """Return one copy of the subject for each setting, with that setting made."""
    size = len(settings)
    columns = {}
    for key in known.plan.keys:
        now = known.value(key)
        states = None if now.state is State.VALUE else np.full(size, now.state.code, dtype=np.int8)
        columns[key] = Column(np.full(size, now.value, dtype=np.int64), states)
    for position, setting in enumerate(settings):
        for key, value in setting.items():
            column = columns[key]
            column.values[position] = value
            if column.states is not None:
                column.states[position] = KNOWN
    return Inputs(size, np.full(size, known.group, dtype=np.int64), columns)


def _change(settings: Mapping[str, int], known: Known) -> Sentence:
    sentences = [_one_change(known.label(key), known.value(key), to) for key, to in settings.items()]
    return Sentence("，".join(s.zh for s in sentences), ", ".join(s.en for s in sentences))


def _one_change(label: Label, now: Input, to: int) -> Sentence:
    aim = label.amount(to)
    if now.state is not State.VALUE:
        return Sentence(f"补报“{label.zh}”并达到 {aim.zh}", f"report {label.en} and reach {aim.en}")
    was = label.amount(now.value)
    if to > now.value:
        return Sentence(f"把“{label.zh}”由 {was.zh}提高到 {aim.zh}", f"raise {label.en} from {was.en} to {aim.en}")
    return Sentence(f"把“{label.zh}”由 {was.zh}降到 {aim.zh}", f"lower {label.en} from {was.en} to {aim.en}")
