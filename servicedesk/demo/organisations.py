"""The organisations of the sample data and who works with whom (domain.md 21.1)."""

from dataclasses import dataclass
from decimal import Decimal

from partners.enums import Level, Scheme, Sharing


@dataclass(frozen=True)
class Maker:
    """A manufacturer; phone is its national service number."""

    code: str
    name: str
    short: str
    phone: str
    address: str


@dataclass(frozen=True)
class Office:
    """A regional office of a maker; provinces it is in charge of."""

    code: str
    maker: str
    name: str
    short: str
    phone: str
    address: str


@dataclass(frozen=True)
class Dealer:
    """A dealer; phone is the 24-hour number and address the place that its slips print."""

    code: str
    name: str
    short: str
    phone: str
    address: str


@dataclass(frozen=True)
class Partnership:
    """A dealer working for a maker: level, settlement, how much is shared, and the lump sum's share of sales in percent."""

    dealer: str
    maker: str
    office: str | None
    level: Level
    scheme: Scheme
    sharing: Sharing
    districts: tuple[str, ...]
    percent: Decimal | None = None


PLATFORM = Maker("PF", "售后协同平台(示例)", "平台", "400-000-0100", "湖南省长沙市岳麓区麓谷大道100号")

MAKERS = (
    Maker("HC", "皓川电机有限公司(示例)", "皓川电机", "400-000-0110", "浙江省台州市温岭市工业城中心大道88号"),
    Maker("LT", "澜拓泵业股份有限公司(示例)", "澜拓泵业", "400-000-0120", "上海市奉贤区浦卫公路9918号"),
    Maker("JL", "劲岚压缩机有限公司(示例)", "劲岚压缩机", "400-000-0130", "江苏省无锡市惠山区洛社配套区18号"),
    Maker("PC", "磐驰传动科技有限公司(示例)", "磐驰传动", "400-000-0140", "江苏省常州市武进区遥观工业园5号"),
    Maker("SF", "示范机电有限公司(示例)", "示范机电", "400-000-0150", "山东省淄博市博山区经济开发区颜北路1166号"),
)

OFFICES = (
    Office(
        "HC-HN", "HC", "皓川电机湖南办事处(示例)", "湖南办事处", "400-000-0111", "湖南省长沙市雨花区万家丽中路二段209号"
    ),
    Office("HC-AH", "HC", "皓川电机安徽办事处(示例)", "安徽办事处", "400-000-0112", "安徽省合肥市蜀山区望江西路1986号"),
    Office("HC-SC", "HC", "皓川电机四川办事处(示例)", "四川办事处", "400-000-0113", "四川省成都市武侯区武科东三路9号"),
    Office(
        "SF-HN", "SF", "示范机电湖南办事处(示例)", "湖南办事处", "400-000-0151", "湖南省长沙市天心区芙蓉南路三段27号"
    ),
)

DEALERS = (
    Dealer("CS01", "长沙瑞启机电设备有限公司(示例)", "长沙瑞启机电", "400-000-0101", "湖南省长沙市岳麓区麓谷大道668号机电市场A区12栋"),
    Dealer("HF01", "合肥恒聚动力设备有限公司(示例)", "合肥恒聚动力", "400-000-0102", "安徽省合肥市瑶海区龙岗工业园站北路36号"),
    Dealer("CD01", "成都科驰流体设备有限公司(示例)", "成都科驰流体", "400-000-0103", "四川省成都市新都区木兰大道中段2180号"),
    Dealer("HY02", "衡阳众力电机有限公司(示例)", "衡阳众力电机", "400-000-0104", "湖南省衡阳市石鼓区松木工业园上倪路9号"),
)  # fmt: skip

HUNAN, ANHUI, SICHUAN = ("430000",), ("340000",), ("510000",)

PARTNERSHIPS = (
    Partnership("CS01", "HC", "HC-HN", Level.FIRST, Scheme.PER_SLIP, Sharing.FULL, HUNAN),
    Partnership("CS01", "SF", "SF-HN", Level.SECOND, Scheme.PER_SLIP, Sharing.FULL, HUNAN),
    Partnership("CS01", "LT", None, Level.FIRST, Scheme.LUMP_SUM, Sharing.FULL, HUNAN, Decimal("1.5")),
    Partnership("HF01", "HC", "HC-AH", Level.SECOND, Scheme.PER_SLIP, Sharing.FULL, ANHUI),
    Partnership("HF01", "JL", None, Level.SECOND, Scheme.PER_SLIP, Sharing.ON_DEMAND, ANHUI),
    Partnership("CD01", "LT", None, Level.FIRST, Scheme.PER_SLIP, Sharing.FULL, SICHUAN),
    Partnership("CD01", "HC", "HC-SC", Level.FIRST, Scheme.PER_SLIP, Sharing.ON_DEMAND, SICHUAN),
    Partnership("CD01", "PC", None, Level.FIRST, Scheme.LUMP_SUM, Sharing.FULL, SICHUAN, Decimal("1.2")),
    # 衡阳市: within the same office as CS01, so that the office sees two dealers of one region
    Partnership("HY02", "HC", "HC-HN", Level.THIRD, Scheme.PER_SLIP, Sharing.FULL, ("430400",)),
)
