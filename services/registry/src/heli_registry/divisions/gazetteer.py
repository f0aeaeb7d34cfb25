"""The gazetteer: codes and names of all divisions, and which of them a credit code and an address point to.

Facts only, built by `tools/build_gazetteer.py`: provinces, cities, counties, towns and abolished counties with heirs.
Only what is sure is answered: a town when its name stands in the address, otherwise the county, city or province.
"""

import gzip
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from heli_shared.kernel import divisions

_TOWN_SUFFIXES = ("街道办事处", "街道", "民族乡", "镇", "乡")
# What may follow the stem of a town whose kind has changed since the address was written, or that is left out.
_AFTER_STEM = ("镇", "乡", "街道", "街办", "办事处", "工业园", "工业区", "工业集中区", "开发区")
# A county's name followed by one of these is the name of a street, market or bureau.
_NOT_A_COUNTY = ("路", "街", "道", "场", "巷", "大", "局", "人民政府")
_SHORT_PROVINCE = re.compile(r"(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$")
_SHORT_CITY = re.compile(
    "(市|地区|盟|((藏|羌|彝|回|白|苗|侗|壮|傣|土家|布依|哈尼|景颇|傈僳|朝鲜|蒙古)族|蒙古|哈萨克|柯尔克孜)*自治州)$"
)
_SHORT_COUNTY = re.compile(r"(县|市|区)$")
# Names of town-like places that any address may contain without meaning that place.
_GENERIC = re.compile(
    "(省|市|县|区)?级?(新型|经济|高新|工业|技术|产业|高新技术|经济技术|农业|现代|科技|循环|综合|生态|物流|城)*"
    "(新区|开发区|园区|工业园|产业园|集聚区|集中区|示范区|管理区|管委会|保税区|合作区|农场|林场|牧场|社区|试验区)"
)
_COUNTY_DIGITS = 6
_CITY_DIGITS = 4
_PROVINCE_DIGITS = 2
_TOWN_DIGITS = 9
_MIN_NAME = 3  # a two-character county name (城区, 郊区) is trusted only right after province and city
_MIN_STEM = 2


class FoundDivision(NamedTuple):
    """A division, its level and how it was found.

    `how`: town_named, town_kind_changed, town_unique_in_city, county_named, county_by_region, county_code,
    county_successor, city, province.
    """

    code: str
    level: str
    how: str


class _County(NamedTuple):
    """A name counties go by in a city, and the county (or heirs of an abolished one) it stands for."""

    name: str
    codes: tuple[str, ...]


class _Area(NamedTuple):
    """What the finder needs to know about one city or province."""

    openings: tuple[tuple[str, ...], ...]
    counties: tuple[_County, ...]
    by_short_name: Mapping[str, tuple[str, ...]]


class Gazetteer:
    """Names and nesting of divisions, and the finder over them; immutable after construction."""

    def __init__(
        self, names: Mapping[str, str], heirs: Mapping[str, tuple[str, tuple[str, ...]]] | None = None
    ) -> None:
        """Index 12-digit codes → names, and abolished 6-digit codes → (last name, codes of the heirs)."""
        self._names = dict(names)
        self._heirs = dict(heirs or {})
        self._towns: dict[str, list[tuple[str, str]]] = {}
        self._counties: dict[str, list[_County]] = {}
        self._cities: dict[str, list[str]] = {}
        self._provinces: list[str] = []
        self._by_name: dict[str, list[str]] | None = None
        self._stems: dict[str, list[tuple[str, str]]] = {}
        self._areas: dict[str, _Area] = {}
        self._city_towns: dict[str, list[tuple[str, str]]] = {}
        self._index()

    def _index(self) -> None:
        for code, name in self._names.items():
            if code[_TOWN_DIGITS:] != "000":
                continue
            if code[_COUNTY_DIGITS:_TOWN_DIGITS] != "000":
                if not _GENERIC.fullmatch(name):
                    self._towns.setdefault(code[:_COUNTY_DIGITS], []).append((name, code))
            elif code[_CITY_DIGITS:_COUNTY_DIGITS] != "00":
                self._counties.setdefault(code[:_CITY_DIGITS], []).append(_County(name, (code,)))
            elif code[_PROVINCE_DIGITS:_CITY_DIGITS] != "00":
                self._cities.setdefault(code[:_PROVINCE_DIGITS], []).append(code)
            else:
                self._provinces.append(code)
        for old, (name, codes) in self._heirs.items():
            if codes:
                self._counties.setdefault(old[:_CITY_DIGITS], []).append(_County(name, codes))

    def with_divisions(self, extra: Iterable[tuple[str, str]]) -> "Gazetteer":
        """Return a gazetteer that also knows these (12-digit code, name): the registry's own divisions."""
        added = {code: name for code, name in extra if self._names.get(code) != name}
        return Gazetteer({**self._names, **added}, self._heirs) if added else self

    def find_name(self, code: str) -> str | None:
        """Return the name of a 12-digit code, if it is known."""
        return self._names.get(code)

    def lineage(self, code: str) -> list[tuple[str, str]]:
        """Return (code, name) from the province down to this division; names that are unknown are left out."""
        above = list(dict.fromkeys([*divisions.ancestors(code), code]))
        return [(one, self._names[one]) for one in above if one in self._names]

    def list_named(self, name: str) -> list[str]:
        """Return the codes of all divisions that bear exactly this name."""
        if self._by_name is None:
            self._by_name = {}
            for code, known in self._names.items():
                self._by_name.setdefault(known, []).append(code)
        return self._by_name.get(name, [])

    def upper_names(self) -> set[str]:
        """Return the names of provinces, cities and counties; those of provinces and cities without their kind, too."""
        found: set[str] = set()
        for code, name in self._names.items():
            if code[_COUNTY_DIGITS:].strip("0") or len(name) < _MIN_NAME:
                continue
            found.add(name)
            if code[_PROVINCE_DIGITS:].strip("0") == "":
                found.add(_SHORT_PROVINCE.sub("", name))
            elif code[_CITY_DIGITS:].strip("0") == "":
                found.add(_SHORT_CITY.sub("", name))
        return {name for name in found if len(name) >= _MIN_STEM}

    def find(self, region_digits: str, address: str, *, province: str = "", region: str = "") -> FoundDivision | None:
        """Return the lowest division that is sure, or None when not even the province is.

        `region_digits` are digits 3 to 8 of the credit code (the authority that registered), `province` and `region`
        what the list says in words. A county that opens the address wins over the code, which is as old as the licence.
        """
        prefix = self._known_prefix(region_digits, province)
        if prefix is None:
            return None
        if len(prefix) < _COUNTY_DIGITS and address:
            prefix = self._narrowed(prefix, address, region)
        named = self._find_named_county(prefix, address, region)
        if named is not None:
            counties, how = named
            if counties == (f"{prefix}000000",):
                how = "county_code"
        elif len(prefix) == _COUNTY_DIGITS and f"{prefix}000000" in self._names:
            counties, how = (f"{prefix}000000",), "county_code"
        elif prefix in self._heirs and self._heirs[prefix][1]:
            counties, how = self._heirs[prefix][1], "county_successor"
        else:
            return self._within_area(prefix[:_CITY_DIGITS], address)
        return self._within_counties(counties, address, how) or self._whole(prefix[:_CITY_DIGITS])

    def _known_prefix(self, digits: str, province: str) -> str | None:
        """Return the 6, 4 or 2 digits of the code that are known, or those of the province named in words."""
        if digits in self._heirs or f"{digits}000000" in self._names:
            if digits[_CITY_DIGITS:] != "00":
                return digits
            if digits[_PROVINCE_DIGITS:] == "0000":
                return digits[:_PROVINCE_DIGITS]
            return digits[:_CITY_DIGITS]
        for width in (_CITY_DIGITS, _PROVINCE_DIGITS):
            if digits[:width].ljust(12, "0") in self._names and digits[width - 2 : width] != "00":
                return digits[:width]
        if province:
            for code in self._provinces:
                if self._names[code].startswith(province):
                    return code[:_PROVINCE_DIGITS]
        return None

    def _narrowed(self, prefix: str, address: str, region: str) -> str:
        """Return the digits of the city when only the province is known and the words name the city."""
        if len(prefix) > _PROVINCE_DIGITS:
            return prefix
        rest = address[_opened(address, self._area(prefix).openings) :]
        for code in self._cities.get(prefix, []):
            name = self._names[code]
            short = _SHORT_CITY.sub("", name)
            if len(short) >= _MIN_STEM and (rest.startswith(short) or region in {name, short}):
                return code[:_CITY_DIGITS]
        return prefix

    def _area(self, prefix: str) -> _Area:
        """Return what is known about a city (4 digits) or province (2 digits), worked out once."""
        known = self._areas.get(prefix)
        if known is None:
            counties = [county for city, found in self._counties.items() if city.startswith(prefix) for county in found]
            counties.sort(key=lambda county: -len(county.name))
            short: dict[str, tuple[str, ...]] = {}
            for county in counties:
                for name in {county.name, _SHORT_COUNTY.sub("", county.name)}:
                    same = set(short.get(name, ())) | set(county.codes)
                    short[name] = tuple(sorted(same))
            known = self._areas[prefix] = _Area(self._openings(prefix), tuple(counties), short)
        return known

    def _openings(self, prefix: str) -> tuple[tuple[str, ...], ...]:
        """Return the words an address of this area may open with: province long or short, then city long or short."""
        words = []
        for width, pattern in ((_PROVINCE_DIGITS, _SHORT_PROVINCE), (_CITY_DIGITS, _SHORT_CITY)):
            name = self._names.get(prefix[:width].ljust(12, "0"), "") if len(prefix) >= width else ""
            words.append((name, pattern.sub("", name)) if len(name) >= _MIN_NAME else ())
        return tuple(words)

    def _find_named_county(self, prefix: str, address: str, region: str) -> tuple[tuple[str, ...], str] | None:
        """Return the county (or heirs) that the words name inside the area of the code, and how they do."""
        area = self._area(prefix[:_CITY_DIGITS])
        if address:
            start = _opened(address, area.openings)
            for county in area.counties:
                if address.startswith(county.name, start):
                    after = start + len(county.name)
                    if not address.startswith(_NOT_A_COUNTY, after):
                        return county.codes, "county_named"
        if len(prefix) == _COUNTY_DIGITS:
            return None
        for county in area.counties:
            if len(county.name) >= _MIN_NAME and county.name in address:
                after = address.index(county.name) + len(county.name)
                if not address.startswith(_NOT_A_COUNTY, after):
                    return county.codes, "county_named"
        if len(region) < _MIN_STEM or any(region in words for words in area.openings):
            return None  # 地区 that repeats the city says nothing about the county
        codes = area.by_short_name.get(region)
        return (codes, "county_by_region") if codes is not None and len(codes) == 1 else None

    def _within_counties(self, counties: tuple[str, ...], address: str, how: str) -> FoundDivision | None:
        hits = [hit for code in counties if (hit := self._find_town(code[:_COUNTY_DIGITS], address))]
        if len(hits) == 1:
            return hits[0]
        if len(counties) == 1:
            return FoundDivision(counties[0], divisions.level_of(counties[0]), how)
        cities = {code[:_CITY_DIGITS] for code in counties}
        if len(cities) == 1:
            return self._whole(cities.pop())
        provinces = {code[:_PROVINCE_DIGITS] for code in counties}
        return self._whole(provinces.pop()) if len(provinces) == 1 else None

    def _within_area(self, prefix: str, address: str) -> FoundDivision | None:
        """Return the town that only one county of the city has and the address names, else the city or province."""
        if len(prefix) == _CITY_DIGITS and address:
            towns = self._city_towns.get(prefix)
            if towns is None:
                towns = self._city_towns[prefix] = [
                    town for county, own in self._towns.items() if county.startswith(prefix) for town in own
                ]
            code = _only([town for town in towns if len(town[0]) >= _MIN_NAME and town[0] in address])
            if code is not None:
                return FoundDivision(code, "town", "town_unique_in_city")
        return self._whole(prefix)

    def _whole(self, prefix: str) -> FoundDivision | None:
        for width in (_CITY_DIGITS, _PROVINCE_DIGITS):
            code = prefix[:width].ljust(12, "0")
            if len(prefix) >= width and code in self._names:
                level = divisions.level_of(code)
                return FoundDivision(code, level, level)
        return None

    def _find_town(self, county: str, address: str) -> FoundDivision | None:
        towns = self._towns.get(county)
        if not towns or not address:
            return None
        hits = [town for town in towns if town[0] in address]
        if hits:
            code = _only(hits)
            return FoundDivision(code, "town", "town_named") if code else None
        stems = self._stems.get(county)
        if stems is None:
            stems = self._stems[county] = _stems_of(towns)
        near = [town for town in stems if town[0] in address and _is_followed(address, town[0])]
        code = _only(near) if near else None
        return FoundDivision(code, "town", "town_kind_changed") if code else None


def _opened(address: str, openings: tuple[tuple[str, ...], ...]) -> int:
    """Return how much of the address its opening words (province, city) take up."""
    start = 0
    for words in openings:
        for word in words:
            if address.startswith(word, start):
                start += len(word)
                break
    return start


def _only(hits: list[tuple[str, str]]) -> str | None:
    """Return the one code among the hits, a name inside a longer hit not counting; None when more than one is left."""
    if len(hits) > 1:
        hits = [hit for hit in hits if not any(hit[0] != other[0] and hit[0] in other[0] for other in hits)]
    return hits[0][1] if len({code for _, code in hits}) == 1 else None


def _stems_of(towns: list[tuple[str, str]]) -> list[tuple[str, str]]:
    stems = []
    for name, code in towns:
        for suffix in _TOWN_SUFFIXES:
            if name.endswith(suffix):
                stem = name.removesuffix(suffix)
                if len(stem) >= _MIN_STEM:
                    stems.append((stem, code))
                break
    return stems


def _is_followed(address: str, stem: str) -> bool:
    return address.startswith(_AFTER_STEM, address.index(stem) + len(stem))


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of the package, read once per process (about 0.1 s)."""
    names: dict[str, str] = {}
    heirs: dict[str, tuple[str, tuple[str, ...]]] = {}
    packed = files("heli_registry.divisions").joinpath("gazetteer.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode().splitlines():
        code, name, *rest = line.split("\t")
        if rest:
            heirs[code] = (name, tuple(divisions.padded(heir) for heir in rest[0].split(";") if heir))
        else:
            names[divisions.padded(code)] = name
    return Gazetteer(names, heirs)
