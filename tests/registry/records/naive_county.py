"""A county kept day by day: what each field said on every single day, and a whole copy of that after every act.

It shares nothing with the product. A word holds from its day until the next day on which something else was said of
the same field; an act is the list of words that it says; to undo a merger, all acts but that one are said again on
an empty county, and what they give on the merger's days is said now.
"""

from collections import defaultdict
from datetime import date, timedelta

FIRST, TODAY = date(2026, 1, 1), date(2026, 7, 1)
DAYS = [FIRST + timedelta(days=number) for number in range((TODAY - FIRST).days + 1)]
NEVER = date.min


class Line:
    """What one field says on every day; None before the first word."""

    def __init__(self):
        self.said = set()
        self.on = dict.fromkeys(DAYS)

    def say(self, day, value):
        until = min((each for each in self.said if each > day), default=date.max)
        self.on.update({each: value for each in DAYS if day <= each < until})
        self.said.add(day)

    def replace(self, day, old, new):
        """Say `new` wherever `old` stands from a day on."""
        if self.on[day] == old:
            self.said.add(day)
        self.on.update({each: new for each in DAYS if each >= day and self.on[each] == old})


class NaiveCounty:
    """Fields by (kind, key, field); an act is a list of words (field, day, value) or of replacements."""

    def __init__(self):
        self.lines = defaultdict(Line)
        self.acts = []
        self.copies = []
        self.last_day = defaultdict(lambda: NEVER)
        self.last_act = {}
        self.mergers = {}

    # Reading

    def now(self, kind, key, name):
        return self.lines[kind, key, name].on[TODAY]

    def at(self, kind, key, name, day):
        return self.lines[kind, key, name].on[day]

    def keys(self, kind, **having):
        """Return the keys of a kind whose fields say this today."""
        found = sorted({key for each, key, _ in self.lines if each == kind})
        return [key for key in found if all(self.now(kind, key, name) == value for name, value in having.items())]

    def shown(self, kind, names, on, act):
        """Return the records of a kind on a day as known after an act, each with the named fields."""
        lines = self.copies[act]
        keys = {key for each, key, name in lines if each == kind and lines[each, key, name][on] is not None}
        return {key: {name: lines.get((kind, key, name), {}).get(on) for name in names} for key in keys}

    # Writing

    def act(self, words):
        """Say all words of an act and keep a copy of the county after it."""
        self.acts.append(words)
        _say(self.lines, words)
        for field, day, *_ in words:
            record = field[:2]
            self.last_day[record] = max(self.last_day[record], day)
            self.last_act[record] = len(self.acts) - 1
        self.copies.append({field: dict(line.on) for field, line in self.lines.items()})

    def write(self, kind, key, day, **values):
        self.act([((kind, key, name), day, value) for name, value in values.items()])

    def merge(self, source, target, day, taken):
        """One enterprise goes: its open covers name the one that stays, unless that has the same one already."""
        words = [(("enterprises", target, name), day, value) for name, value in taken.items()]
        touched = [("enterprises", source)]
        for cover, moved_on, closed_on in self._steps(source, target, day):
            touched.append(("covers", cover))
            if moved_on:
                words.append((("covers", cover, "enterprise"), moved_on, target))
            if closed_on:
                words.append((("covers", cover, "state"), closed_on, "closed"))
        for key in self.keys("enterprises", duplicate_of=source):
            touched.append(("enterprises", key))
            later = max(day, self.last_day["enterprises", key])
            words.append((("enterprises", key, "duplicate_of"), later, target))
        words += [
            (("enterprises", source, "state"), day, "closed"),
            (("enterprises", source, "duplicate_of"), day, target),
        ]
        self.act(words)
        self.mergers[source] = (len(self.acts) - 1, touched)

    def _steps(self, source, target, day):
        held = {
            self.now("covers", key, "organization"): self.last_day["covers", key]
            for key in self.keys("covers", enterprise=target, state="open")
        }
        for key in self.keys("covers", enterprise=source, state="open"):
            organization, since = self.now("covers", key, "organization"), max(day, self.last_day["covers", key])
            twin = held.get(organization)
            if twin is None:
                yield key, since, None
                held[organization] = since
            elif twin > since:
                yield key, since, twin
            else:
                yield key, None, since

    def is_untouched(self, source):
        number, touched = self.mergers[source]
        return all(self.last_act[record] == number for record in touched)

    def unmerge(self, source):
        number, _ = self.mergers.pop(source)
        without = defaultdict(Line)
        for other, words in enumerate(self.acts):
            if other != number:
                _say(without, words)
        self.act([(field, day, without[field].on[day]) for field, day, *_ in self.acts[number]])

    def unite_units(self, source, target, day):
        """One office goes: affiliations that name it on the day or later name the other from then on."""
        words = [
            (("affiliations", key, "superior"), day, source, target)
            for key in self.keys("affiliations")
            if any(self.at("affiliations", key, "superior", each) == source for each in DAYS if each >= day)
        ]
        self.act([*words, (("units", source, "state"), day, "closed")])


def _say(lines, words):
    for field, day, *said in words:
        if len(said) == 1:
            lines[field].say(day, said[0])
        else:
            lines[field].replace(day, *said)
