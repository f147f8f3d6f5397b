"""Product lines, models and parts of the sample makers (domain.md 21.1 and the parts that 21.2 names)."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Model:
    """A model of a maker; power in kW as on the nameplate ("" where a pump's or gear's size is in its name)."""

    maker: str
    product_type: str
    line: str
    series: str
    name: str
    power: str = ""


@dataclass(frozen=True)
class Part:
    """A part that one or several makers list; price in yuan, group = 故障部位, key: number and photo are asked for."""

    code: str
    name: str
    unit: str
    price: Decimal
    makers: tuple[str, ...]
    group: str
    key: bool = False


def _models(maker: str, product_type: str, line: str, series: str, *names: str) -> tuple[Model, ...]:
    """Read "YE3-160M-4 11" as name and power."""
    models = []
    for name in names:
        model, _, power = name.partition(" ")
        models.append(Model(maker, product_type, line, series, model, f"{power}kW" if power else ""))
    return tuple(models)


MODELS = (
    *_models("HC", "三相异步电动机", "三相异步电动机", "YE3",
        "YE3-80M2-4 0.75", "YE3-90L-4 1.5", "YE3-112M-4 4", "YE3-132S-4 5.5", "YE3-132M-4 7.5", "YE3-160M-4 11",
        "YE3-160L-2 18.5", "YE3-160L-4 15", "YE3-180L-6 15", "YE3-200L-4 30", "YE3-225M-4 45"),
    *_models("HC", "三相异步电动机", "三相异步电动机", "YE4", "YE4-160M-4 11", "YE4-200L-4 30", "YE4-250M-4 55"),
    *_models("HC", "变频电动机", "变频电动机", "YVF2", "YVF2-112M-4 4", "YVF2-132M-4 7.5", "YVF2-160L-4 15"),
    *_models("HC", "防爆电动机", "防爆电动机", "YBX3", "YBX3-132M-4 7.5", "YBX3-180L-4 22", "YBX3-225M-4 45"),
    *_models("LT", "管道离心泵", "管道泵", "ISG", "ISG50-160 3", "ISG80-160 7.5", "ISG100-200 22"),
    *_models("LT", "热水管道泵", "管道泵", "IRG", "IRG50-160 3", "IRG80-160 7.5"),
    *_models("LT", "化工泵", "化工泵", "IH", "IH50-32-160 4", "IH65-50-160 5.5", "IH80-65-160 7.5"),
    *_models("LT", "多级离心泵", "多级离心泵", "DG", "DG25-50×6 30", "DG46-50×8 90"),
    *_models("LT", "潜污泵", "潜污泵", "WQ", "WQ50-10-1.5 1.5", "WQ65-25-15 4", "WQ80-40-15 4", "WQ100-20-15 2.2"),
    *_models("JL", "螺杆空压机", "螺杆空压机", "LG",
        "LG-7.5A 7.5", "LG-15A 15", "LG-22A 22", "LG-37A 37", "LG-55A 55", "LG-75A 75", "LG-90A 90", "LG-160A 160"),
    *_models("JL", "永磁变频空压机", "永磁变频空压机", "LG-PM", "LG-22PM 22", "LG-30PM 30", "LG-55PM 55"),
    *_models("JL", "冷冻式干燥机", "干燥机", "LD", "LD-3.8", "LD-6.5", "LD-10.7"),
    *_models("PC", "斜齿轮减速机", "斜齿轮减速机", "R", "R47", "R57", "R77", "R97"),
    *_models("PC", "锥齿轮减速机", "锥齿轮减速机", "K", "K77", "K87", "K97"),
    *_models("PC", "蜗轮减速机", "蜗轮减速机", "S", "S57", "S67"),
    *_models("PC", "平行轴减速机", "平行轴减速机", "F", "F67", "F87"),
    *_models("PC", "蜗轮减速机", "蜗轮减速机", "WP", "WPA80", "WPA120"),
    *_models("PC", "摆线针轮减速机", "摆线针轮减速机", "BWD", "BWD3", "BWD5"),
    *_models("SF", "三相异步电动机", "电动机", "YE3",
        "YE3-90L-4 1.5", "YE3-132S-4 5.5", "YE3-160M-4 11", "YE3-180L-6 15"),
    *_models("SF", "变频电动机", "电动机", "YVF2", "YVF2-112M-4 4"),
    *_models("SF", "多级离心泵", "水泵", "DG", "DG46-50×8 90"),
    *_models("SF", "潜污泵", "水泵", "WQ", "WQ100-20-15 2.2"),
    *_models("SF", "化工泵", "水泵", "IH", "IH65-50-160 5.5"),
)  # fmt: skip


def _part(code: str, name: str, price: str, makers: str, group: str, unit: str = "件", *, key: bool = False) -> Part:
    return Part(code, name, unit, Decimal(price), tuple(makers.split()), group, key)


PARTS = (
    _part("BRG-6309", "深沟球轴承", "42.00", "HC SF", "轴承", "套"),
    _part("BRG-6212", "深沟球轴承", "36.00", "HC", "轴承", "套"),
    _part("BRG-NU316", "圆柱滚子轴承", "268.00", "HC", "轴承", "套", key=True),
    _part("BRG-6308VL", "绝缘轴承", "680.00", "HC", "轴承", "套", key=True),
    _part("RING-AEG", "接地环", "160.00", "HC", "轴承"),
    _part("SEAL-M-35", "机械密封", "186.00", "LT SF", "机封", "套", key=True),
    _part("SEAL-M-60", "机械密封", "420.00", "LT SF", "机封", "套", key=True),
    _part("KIT-DG46", "机封轴套组件", "186.00", "LT SF", "机封", "套", key=True),
    _part("IMP-IH65", "叶轮", "560.00", "LT SF", "叶轮", key=True),
    _part("IMP-ISG100", "叶轮", "720.00", "LT", "叶轮", key=True),
    _part("RING-IH65", "口环", "95.00", "LT SF", "泵体"),
    _part("CBL-WQ", "潜水电缆组件", "168.00", "LT SF", "外围电气", "套"),
    _part("CPL-ES", "弹性块", "48.00", "LT SF PC", "联轴器"),
    _part("FAN-160", "风叶", "38.00", "HC SF", "风扇"),
    _part("FAN-250", "风叶", "96.00", "HC", "风扇"),
    _part("JB-GSK", "接线盒密封垫", "6.00", "HC SF", "接线盒"),
    _part("ENC-1024", "编码器", "780.00", "HC", "编码器", key=True),
    _part("WIRE-QZ2", "漆包线", "92.00", "HC SF", "绕组", "公斤"),
    _part("ROT-225", "转子", "2650.00", "HC", "转子", key=True),
    _part("MOT-200L4", "电动机整机 YE3-200L-4", "4380.00", "HC", "端盖/机座", "台", key=True),
    _part("TV-71", "温控阀芯", "165.00", "JL", "温控阀"),
    _part("MPV-KIT", "最小压力阀修理包", "140.00", "JL", "最小压力阀", "套"),
    _part("SEP-30", "油分芯", "310.00", "JL", "油分", key=True),
    _part("OF-30", "油滤", "58.00", "JL", "油分"),
    _part("AF-30", "空滤", "85.00", "JL", "进气阀"),
    _part("OIL-46", "螺杆机专用油", "780.00", "JL", "主机(机头)", "桶"),
    _part("SV-24", "电磁阀", "120.00", "JL", "进气阀"),
    _part("CV-RET", "回油单向阀", "68.00", "JL", "油分"),
    _part("AE-90", "主机", "18600.00", "JL", "主机(机头)", "台", key=True),
    _part("OS-60×85", "油封", "22.00", "PC", "油封"),
    _part("WORM-120", "蜗轮副", "1250.00", "PC", "蜗轮副", "副", key=True),
    _part("BREATH-R", "透气帽", "12.00", "PC", "箱体"),
    _part("PIN-R77", "齿轮轴", "860.00", "PC", "齿轮", key=True),
    _part("CYC-BWD5", "摆线轮", "940.00", "PC", "齿轮", "副", key=True),
    _part("SEALANT", "平面密封胶", "35.00", "PC LT", "箱体", "支"),
)

PART = {part.code: part for part in PARTS}
MODEL = {(model.maker, model.name): model for model in MODELS}
