"""Which readings an escalation needs, by kind of machine, and whether a text says anything (domain.md 7). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tickets.enums import MachineFamily


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of the checklist. unit: "" for words. group: of readings with the same group one is enough, "" = each by itself."""

    code: str
    unit: str = ""
    required: bool = True
    group: str = ""


CONDITION = Reading("operating_condition")

#: domain.md 7: operating condition, three currents or pressure/temperature; per kind of machine
READINGS: Mapping[str, tuple[Reading, ...]] = {
    MachineFamily.MOTOR: (
        CONDITION,
        Reading("current_u", "A"),
        Reading("current_v", "A"),
        Reading("current_w", "A"),
        Reading("voltage", "V", required=False),
        Reading("insulation", "MΩ", required=False),
        Reading("vibration", "mm/s", required=False),
        Reading("temperature", "℃", required=False),
    ),
    MachineFamily.PUMP: (
        CONDITION,
        Reading("pressure", "MPa", group="pressure or temperature"),
        Reading("temperature", "℃", group="pressure or temperature"),
        Reading("medium"),
        Reading("current_u", "A", required=False),
        Reading("vibration", "mm/s", required=False),
    ),
    MachineFamily.COMPRESSOR: (
        CONDITION,
        Reading("pressure", "MPa", group="pressure or temperature"),
        Reading("temperature", "℃", group="pressure or temperature"),
        Reading("medium"),
        Reading("running_hours", "h", required=False),
        Reading("current_u", "A", required=False),
    ),
    MachineFamily.GEAR: (
        CONDITION,
        Reading("oil"),
        Reading("temperature", "℃"),
        Reading("noise"),
        Reading("vibration", "mm/s", required=False),
    ),
    MachineFamily.OTHER: (CONDITION,),
}

#: words of the product type that tell the family, the first that fits
_FAMILIES = (
    ("减速", MachineFamily.GEAR),
    ("齿轮", MachineFamily.GEAR),
    ("压缩机", MachineFamily.COMPRESSOR),
    ("空压机", MachineFamily.COMPRESSOR),
    ("干燥机", MachineFamily.COMPRESSOR),
    ("泵", MachineFamily.PUMP),
    ("电动机", MachineFamily.MOTOR),
    ("电机", MachineFamily.MOTOR),
)

#: what people write when they have not looked: alone it tells nothing
_STOCK = re.compile(
    r"坏了?|坏掉了?|不转了?|不动了?|不行了?|不好用|不能用|有问题|有毛病|故障|出问题|异常|停了|停机|不工作|修不好|看一下|请处理|请支援|帮忙|求助|急+"
    r"|设备|机器|电机|水泵|泵|空压机|减速机|它|了|的|很|还是|又|现在|broken|does not work|not working|problem|help"
)
_NOT_A_WORD = re.compile(r"[\s\W_]+")
LEAST = 6  # characters that must be left when stock words and punctuation are gone


def family_of(product_type: str) -> MachineFamily:
    """The family of a product type (产品类型) by the words in it."""
    return next((family for word, family in _FAMILIES if word in product_type), MachineFamily.OTHER)


def missing(family: str, values: Mapping[str, str]) -> list[str]:
    """Codes of the required readings that are not given; of a group its first code. In the order of the table."""
    given = {code for code, value in values.items() if value.strip()}
    found: list[str] = []
    groups: set[str] = set()
    for reading in READINGS[family]:
        if not reading.required or reading.code in given:
            continue
        if reading.group:
            same = {other.code for other in READINGS[family] if other.group == reading.group}
            if same & given or reading.group in groups:
                continue
            groups.add(reading.group)
        found.append(reading.code)
    return found


def says_too_little(text: str) -> bool:
    """Whether a description is 坏了, 不转 and the like alone: nothing of it is left without its stock words."""
    left = _NOT_A_WORD.sub("", _STOCK.sub("", text.lower()))
    return len(left) < LEAST
