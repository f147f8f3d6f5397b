"""The provinces, cities and districts of mainland China, and the reading of a typed address.

One committed list, core/data/districts.json (docs/data-sources.md says where it comes from). Everything here is pure
and answers from memory. The list is a help for typing, never a limit: an address is free text, and a place that is
not in the list is kept as it was typed.

How the traps of domain.md 19.1 are told:

- a municipality (北京 天津 上海 重庆) is its own only city; its counties stand beside its districts;
- a county that the province runs itself (仙桃市 济源市 神农架林区 石河子市, most of 海南) is a city without districts;
- 东莞市 中山市 儋州市 嘉峪关市 are cities without districts;
- 吉林市 is a city of 吉林省, whose capital is 长春市.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

# domain.md 19.1: 27 capitals and 4 municipalities
CAPITALS = frozenset(
    (
        "石家庄 太原 呼和浩特 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 南宁 海口 成都 贵阳 昆明 "
        "拉萨 西安 兰州 西宁 银川 乌鲁木齐 北京 天津 上海 重庆"
    ).split()
)

_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|哈萨克族|傣族|黎族|"
    "傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|"
    "普米族|塔吉克|怒族|鄂温克族|保安族|裕固族|独龙族|鄂伦春|各族|蒙古|回"
)
# 湘西土家族苗族自治州 -> 湘西; at least two characters stay, so 忠县 is never cut down to 忠
_AUTONOMOUS = re.compile(f"^(.{{2,}}?)(?:{_PEOPLES})*自治[区州县旗]$")
_PLAIN = re.compile(r"^(.{2,}?)(?:省|市|地区|盟|林区|特区|新区|区|县|旗)$")

# After a short name these say that it was the name of a street or of another place: 中山东路, 朝阳区
_STREET = re.compile(r"(?:[东西南北中]|[一二三四五六七八九十\d]+|环)*(?:路|街|大街|大道|道|巷|弄|里|桥|村|大厦|公园)")
_OTHER_UNIT = re.compile(r"自治|地区|[省市区县州盟旗]")

# Skipped between two levels: blanks, commas, and the stand-ins that the statistics office writes
_BETWEEN = re.compile(
    r"(?:[\s,，、。;；:：/／·\-—_]|中国|市辖区|省直辖县级行政区划|自治区直辖县级行政区划|省直辖县级行政单位)*"
)


@dataclass(frozen=True)
class Division:
    """A province, city or district: its six-digit code (GB/T 2260) and its full name."""

    code: str
    name: str


@dataclass(frozen=True)
class Address:
    """A typed address cut into its levels by full names; what could not be told is "", the remainder is `rest`."""

    province: str = ""
    city: str = ""
    district: str = ""
    rest: str = ""


@dataclass(frozen=True)
class _Place:
    """One division with its place in the tree: level 0 province, 1 city, 2 district."""

    level: int
    division: Division
    province: str
    city: str
    stem: str


@dataclass(frozen=True)
class _Match:
    place: _Place
    length: int
    quality: int  # 3 the full name, 2 the short name with another word behind it (宁乡县), 1 the short name alone


def provinces() -> tuple[Division, ...]:
    """List the 31 provinces, autonomous regions and municipalities in the order of their codes."""
    return tuple(place.division for place in _places() if place.level == 0)


@lru_cache(maxsize=64)
def cities(province: str) -> tuple[Division, ...]:
    """List the cities of a province (full or short name, 湖南省 or 湖南); () for a province that does not exist."""
    name = _full_name(province, 0)
    return tuple(place.division for place in _places() if place.level == 1 and place.province == name)


@lru_cache(maxsize=1024)
def counties(city: str) -> tuple[Division, ...]:
    """List the districts and counties of a city (长沙市 or 长沙); () for one that has none or does not exist."""
    name = _full_name(city, 1)
    return tuple(place.division for place in _places() if place.level == 2 and place.city == name)


@lru_cache(maxsize=1024)
def by_code(code: str) -> Division | None:
    """The province, city or district with this six-digit code, or None."""
    return next((place.division for place in _places() if place.division.code == code), None)


@lru_cache(maxsize=1024)
def region(name: str) -> Division | None:
    """The province or city of this full or short name (湖南, 长沙市), or None; a municipality counts as province."""
    for level in (0, 1):
        full = _full_name(name, level)
        found = [place.division for place in _places() if place.level == level and place.division.name == full]
        if found:
            return found[0]
    return None


def is_capital(city: str) -> bool:
    """Tell whether a city is a provincial capital or a municipality (27 + 4, domain.md 19.1); 长沙市 or 长沙."""
    return city.strip().removesuffix("市") in CAPITALS


@lru_cache(maxsize=4096)
def find(text: str) -> Address:
    """Cut a typed address into province, city, district and rest as far as it can be told.

    Short names are understood (湖南长沙岳麓区…), levels that are missing but certain are filled in (浏阳市… is in
    长沙市, 湖南省), and a name that exists twice (鼓楼区) stays in the rest unless something before it tells which one.
    Never fails: a text that names no place comes back as rest.
    """
    whole = text.strip()
    best, best_score = Address(rest=whole), (0, 0)
    for path, used in _paths(whole):
        score = (sum(match.length for match in path), sum(match.quality for match in path))
        if score > best_score:
            deepest = path[-1].place
            district = deepest.division.name if deepest.level == 2 else ""
            best_score = score
            city = deepest.city or _only_city(deepest.province)
            best = Address(deepest.province, city, district, whole[used:])
    return best


def _only_city(province: str) -> str:
    """Name the city of a municipality, which is written once for both levels; "" for a province."""
    return province if province.endswith("市") else ""


def _paths(text: str) -> Iterator[tuple[list[_Match], int]]:
    """Walk all readings of the beginning of a text: up to one province, one city and one district, each optional."""
    start = _skip(text, 0)
    for province, after_province in _branches(text, start, 0, None):
        for city, after_city in _branches(text, after_province, 1, province):
            above = city or province
            for district, end in _branches(text, after_city, 2, above):
                path = [match for match in (province, city, district) if match]
                if path:
                    yield path, end


def _branches(text: str, at: int, level: int, above: _Match | None) -> Iterator[tuple[_Match | None, int]]:
    """Yield each place that stands at a position of the text, and last "this level is not written"."""
    matches = [match for match in _matches(text[at:], level) if _fits(match, above)]
    names = [(match.length, match.quality) for match in matches]
    for match in matches:
        if names.count((match.length, match.quality)) == 1:
            yield match, _skip(text, at + match.length)
    yield None, at


def _fits(match: _Match, above: _Match | None) -> bool:
    place = match.place
    if above is None:
        # 浏阳永安镇 names a place, 新建厂房 and 东山工业园 do not: alone, a district's short name is too weak
        return place.level < 2 or match.quality > 1 or place.division.name.endswith("市")
    return _is_within(place, above.place)


def _is_within(place: _Place, above: _Place) -> bool:
    if above.level == 0:
        return place.province == above.province
    return place.city == above.city and place.province == above.province


def _matches(text: str, level: int) -> Iterator[_Match]:
    for place in _by_beginning().get(text[:2], ()):
        if place.level != level:
            continue
        name, stem = place.division.name, place.stem
        if text.startswith(name):
            yield _Match(place, len(name), 3)
        elif text.startswith(stem):
            behind = text[len(stem) :]
            other = _OTHER_UNIT.match(behind)
            if other and _may_be_called(place, stem + other.group()):
                yield _Match(place, len(stem) + len(other.group()), 2)
            elif not other and not _STREET.match(behind):
                yield _Match(place, len(stem), 1)


def _may_be_called(place: _Place, typed: str) -> bool:
    """Let 恩施州 stand for the prefecture and 宁乡县 for what is now 宁乡市, but never for a place of that very name."""
    if typed in _all_names():
        return False
    if place.level == 2:
        return typed[-1] in "市区县旗"
    return place.level == 1 and place.division.name[-1] in "州区盟" and typed[-1] in "市州区盟"


def _skip(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return between.end() if between else at


def _stem(name: str) -> str:
    """Shorten a full name as people say it: 湖南省 湖南, 内蒙古自治区 内蒙古, 石柱土家族自治县 石柱, 忠县 忠县."""
    short = _AUTONOMOUS.match(name) or _PLAIN.match(name)
    return short.group(1) if short else name


def _full_name(typed: str, level: int) -> str:
    typed = typed.strip()
    for place in _places():
        if place.level == level and typed in (place.division.name, place.stem):
            return place.division.name
    return ""


@lru_cache(maxsize=1)
def _places() -> tuple[_Place, ...]:
    tree = json.loads(files("core").joinpath("data/districts.json").read_text(encoding="utf-8"))
    return tuple(_walk(tree))


def _walk(tree: Iterable[list[object]]) -> Iterator[_Place]:
    """Turn the rows of the file ([code + name, children], six digits of code) into places, parents first."""
    for province_row in tree:
        province, city_rows = _division(province_row[0]), province_row[1]
        yield _Place(0, province, province.name, "", _stem(province.name))
        assert isinstance(city_rows, list)
        for city_row in city_rows:
            city = _division(city_row[0])
            yield _Place(1, city, province.name, city.name, _stem(city.name))
            for row in city_row[1]:
                county = _division(row)
                yield _Place(2, county, province.name, city.name, _stem(county.name))


def _division(row: object) -> Division:
    assert isinstance(row, str)
    return Division(row[:6], row[6:])


@lru_cache(maxsize=1)
def _all_names() -> frozenset[str]:
    return frozenset(place.division.name for place in _places())


@lru_cache(maxsize=1)
def _by_beginning() -> dict[str, list[_Place]]:
    """Find places by the first two characters of their names."""
    index: dict[str, list[_Place]] = {}
    for place in _places():
        index.setdefault(place.division.name[:2], []).append(place)
    return index
