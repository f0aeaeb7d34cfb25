"""References in words: an enterprise by code or name, an organisation, zone or unit by id or name, a division likewise.

A name counts only when exactly one record within the importer's scope bears it.
"""

from collections.abc import Mapping, Sequence

from heli_registry.censuses.service import CENSUSES
from heli_registry.divisions.gazetteer import Gazetteer
from heli_registry.enterprises.credit_codes import REGION, cleaned_code, is_valid_code
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.imports.kinds import ImportKind
from heli_registry.imports.preparing import CellProblem, Prepared, Refusal
from heli_registry.imports.standing import Standing
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_registry.people.models import PERSON
from heli_registry.people.service import visible_people
from heli_registry.sectors.service import SECTORS
from heli_registry.units.service import UNITS
from heli_registry.zones.service import ZONES
from heli_shared.kernel import divisions as division_codes
from heli_shared.lists.cells import Problem
from heli_shared.lists.headers import ColumnMap
from heli_shared.records.service import Resource

_FULL_CODE = 12
_SMALL: Mapping[str, Resource] = {
    "organization": PARTY_ORGANIZATIONS,
    "zone": ZONES,
    "unit": UNITS,
    "sector": SECTORS,
    "person": Resource(PERSON, visible_people),
    "census": CENSUSES,
}


class Referrer:
    """Turns the words of reference columns into keys."""

    def __init__(self, kind: ImportKind, columns: ColumnMap, *, standing: Standing, gazetteer: Gazetteer) -> None:
        """Remember which fields refer to what."""
        self._columns = columns
        self._standing = standing
        self._gazetteer = gazetteer
        types = {each.name: each.type for each in kind.fields if each.name in columns.places}
        self._small = {name: _SMALL[type_] for name, type_ in types.items() if type_ in _SMALL}
        self._superiors = [name for name, type_ in types.items() if type_ == "superior"]
        self._enterprises = [name for name, type_ in types.items() if type_ == "enterprise"]
        self._divisions = [name for name, type_ in types.items() if type_ == "division"]

    def resolve(self, rows: Sequence[Prepared]) -> tuple[list[Prepared], list[Refusal]]:
        """Put keys in the place of words, row by row; rows with a word that names nothing, or several, are refused."""
        if not (self._small or self._superiors or self._enterprises or self._divisions):
            return list(rows), []
        words = [row.given[name] for row in rows for name in self._enterprises if row.given.get(name)]
        codes = [cleaned_code(word) for word in words]
        enterprises = self._standing.enterprises_by_word(ENTERPRISES, [*words, *codes]) if words else {}
        good: list[Prepared] = []
        refused: list[Refusal] = []
        for row in rows:
            problems = self._resolve_row(row, enterprises)
            if problems:
                refused.append(Refusal(row.row, tuple(problems)))
            else:
                good.append(row)
        return good, refused

    def _resolve_row(self, row: Prepared, enterprises: Mapping[str, list[str]]) -> list[CellProblem]:
        problems: list[CellProblem] = []
        for name in (*self._small, *self._superiors, *self._enterprises, *self._divisions):
            word = row.given.get(name)
            if word is None:
                continue
            if name in self._small:
                found = self._find_small(self._small[name], word)
            elif name in self._superiors:
                found = self._find_superior(word)
            elif name in self._enterprises:
                found = _find_enterprise(word, enterprises)
            else:
                found = self._find_division(word, str(row.given.get("uscc", "")))
            if isinstance(found, Problem):
                problems.append(CellProblem(self._columns.labels.get(name, name), found.zh, found.en))
            else:
                row.given[name] = found
        return problems

    def _find_small(self, resource: Resource, word: str) -> str | Problem:
        for key in (word, word.split(" ", 1)[0]):  # our templates write “编号 名称” where a name is not the only one
            if key in self._standing.visible_keys(resource):
                return key
        return _single(self._standing.keys_named(resource, word), resource.kind.zh, resource.kind.entity)

    def _find_superior(self, word: str) -> str | Problem:
        """Return the key of an organisation or, failing that, of a unit that the word names."""
        organization = self._find_small(PARTY_ORGANIZATIONS, word)
        if not isinstance(organization, Problem):
            return organization
        unit = self._find_small(UNITS, word)
        return unit if not isinstance(unit, Problem) else organization

    def _find_division(self, word: str, uscc: str) -> str | Problem:
        """Return the code of a division by its code or name; of several, the one in the county of the credit code.

        Our templates write “代码 名称” where a name is not the only one: then the code counts.
        """
        first, _, rest = word.partition(" ")
        if rest and len(first) == _FULL_CODE and first.isascii() and first.isdigit():
            word = first
        if word.isascii() and word.isdigit():
            try:
                code = division_codes.padded(word)
            except ValueError:
                return Problem("区划代码应为2、4、6、9或12位数字。", "A division code has 2, 4, 6, 9 or 12 digits.")
            if self._gazetteer.find_name(code) is None:
                return Problem("没有这个区划代码。", "There is no division with this code.")
            return code
        named = self._gazetteer.list_named(word)
        own = [code for code in named if code in self._standing.divisions]
        near = [code for code in named if uscc and code.startswith(uscc[REGION])]
        visible = [code for code in own or named if self._standing.has_in_scope(code, None)]
        for choice in (visible, [code for code in visible if code in near], near):
            if len(choice) == 1:
                return choice[0]
        return _single(visible, "区划", "division")


def _find_enterprise(word: str, enterprises: Mapping[str, list[str]]) -> str | Problem:
    code = cleaned_code(word)
    if is_valid_code(code):
        return _single(enterprises.get(code, []), "企业", "enterprise")
    return _single(list(dict.fromkeys(enterprises.get(word, []))), "企业", "enterprise")


def _single(found: Sequence[str], zh: str, entity: str) -> str | Problem:
    if len(found) == 1:
        return found[0]
    noun = entity.replace("_", " ")
    if not found:
        return Problem(
            f"没有找到这个{zh}，或不在您的管辖范围内；请先登记，或改填代码（编号）。",
            f"No such {noun} in your scope; create it first, or give its code.",
        )
    return Problem(
        f"有{len(found)}个同名{zh}，无法确定是哪一个；请改填代码（编号）。",
        f"{len(found)} records ({noun}) bear this name; give the code instead.",
    )
