"""The customers of the sample data: the twelve of domain.md 21.1 and some more, so that every dealer has a list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    """A customer of one dealer.

    source: 直销, 二级 or 主机配套; level: 典型客户, 重点, 一般. km: one way from the dealer, as its technicians drive it.
    host: brand, model and number of the host machine, for the two that came by 主机配套; note as the dispatcher wrote it.
    """

    dealer: str
    name: str
    province: str
    city: str
    district: str
    street: str
    contact: str
    phone: str
    industry: str
    km: int
    source: str = "直销"
    level: str = "一般"
    second_phone: str = ""
    host: tuple[str, str, str] | None = None
    note: str = ""

    @property
    def full_name(self) -> str:
        """The name with the mark of sample data."""
        return f"{self.name}(示例)"


HN, AH, SC, CS, HF, CD = "湖南省", "安徽省", "四川省", "长沙市", "合肥市", "成都市"

CUSTOMERS = (
    Customer("CS01", "宁乡恒泰饲料", HN, CS, "宁乡市", "金洲镇金洲北路26号", "周厂长", "19900001001", "饲料", 14, level="典型客户", second_phone="0731-80000101", note="皮带轮罩要先拆,带加长拉马"),
    Customer("CS01", "永州远山矿业", HN, "永州市", "冷水滩区", "高溪市镇远山选矿厂", "蒋主任", "19900001002", "矿山", 168, source="主机配套", level="重点", host=("豫中重工", "PE-600×900 颚式破碎机", "YZ20250817"), note="矿区手机信号差,进门登记身份证"),
    Customer("CS01", "株洲启明塑业", HN, "株洲市", "天元区", "栗雨工业园黑龙江路581号", "彭工", "19900001003", "塑料", 40, level="重点"),
    Customer("CS01", "湘潭金穗米业", HN, "湘潭市", "岳塘区", "双马街道板竹路33号", "谭老板", "19900001004", "粮食加工", 45, note="农忙季 24 小时开机"),
    Customer("CS01", "长沙湖畔水务", HN, CS, "望城区", "乌山街道污水提升泵站", "龙站长", "19900001005", "水务", 28, level="典型客户", second_phone="0731-80000105", note="下井前先测气,钥匙在门卫"),
    Customer("CS01", "浏阳顺成烟花", HN, CS, "浏阳市", "大瑶镇南阳工业小区8号", "罗经理", "19900001006", "烟花", 36, note="厂区禁烟禁火,手机要寄存"),
    Customer("CS01", "长沙和盛包装", HN, CS, "长沙县", "星沙街道盼盼路22号", "黄师傅", "19900001007", "包装", 18),
    Customer("CS01", "衡阳东昌化工", HN, "衡阳市", "珠晖区", "茶山坳镇化工路15号", "李工", "19900001008", "化工", 180, level="重点", second_phone="0734-8000108"),
    Customer("CS01", "岳阳临湖纸业", HN, "岳阳市", "君山区", "柳林洲街道挂口路6号", "方主任", "19900001009", "造纸", 155, source="二级"),
    Customer("CS01", "益阳沧水纺织", HN, "益阳市", "资阳区", "长春工业园白马山路11号", "曹厂长", "19900001010", "其他", 88, source="二级"),
    Customer("CS01", "湘乡锦程铸锻", HN, "湘潭市", "湘乡市", "东山街道工业大道39号", "成工", "19900001011", "铸造", 92),
    Customer("CS01", "长沙圭塘热力", HN, CS, "雨花区", "洞井街道劳动东路换热站", "文站长", "19900001012", "电力", 16, level="重点"),
    Customer("HF01", "合肥滨湖水泥制品", AH, HF, "包河区", "义城街道繁华大道东段", "程经理", "19900001013", "水泥", 22, level="典型客户"),
    Customer("HF01", "阜阳宏源面粉", AH, "阜阳市", "颍泉区", "泉颍工业园二环北路17号", "张主任", "19900001014", "面粉", 205, level="重点", second_phone="0558-8000114"),
    Customer("HF01", "六安大别茶机", AH, "六安市", "金安区", "三里桥工业园皖西路8号", "汪师傅", "19900001015", "食品", 82),
    Customer("HF01", "淮南洛河矿机", AH, "淮南市", "大通区", "洛河镇矿机路3号", "陶工", "19900001016", "矿山", 112, level="重点"),
    Customer("HF01", "滁州琅琊玻璃", AH, "滁州市", "琅琊区", "世纪大道城北工业园", "许部长", "19900001017", "其他", 125, source="二级"),
    Customer("HF01", "肥西紫蓬食品", AH, HF, "肥西县", "紫蓬镇食品工业园2号", "丁厂长", "19900001018", "食品", 34),
    Customer("HF01", "蚌埠淮上塑料", AH, "蚌埠市", "淮上区", "沫河口工业园金阳路12号", "孙经理", "19900001019", "塑料", 148),
    Customer("CD01", "成都青羊印染", SC, CD, "青羊区", "文家街道工业港二路19号", "雷主任", "19900001020", "印染", 21, source="主机配套", level="典型客户", host=("浙越印染机械", "ZY-M180 松式水洗机", "M180-250312")),
    Customer("CD01", "绵阳天工铸造", SC, "绵阳市", "涪城区", "青义镇铸造园区5号", "何厂长", "19900001021", "铸造", 130, level="重点"),
    Customer("CD01", "德阳旌湖锻造", SC, "德阳市", "旌阳区", "天元街道韶山路7号", "肖工", "19900001022", "冶金", 70),
    Customer("CD01", "眉山东坡泡菜食品", SC, "眉山市", "东坡区", "松江镇泡菜城大道31号", "罗经理", "19900001023", "食品", 76),
    Customer("CD01", "乐山沙湾硅业", SC, "乐山市", "沙湾区", "嘉农镇工业园区", "王主任", "19900001024", "冶金", 165, source="二级"),
    Customer("CD01", "都江堰蒲阳水厂", SC, CD, "都江堰市", "蒲阳街道水厂路1号", "杨站长", "19900001025", "水务", 52, level="重点"),
    Customer("HY02", "衡阳东昌化工", HN, "衡阳市", "珠晖区", "茶山坳镇化工路15号", "李工", "19900001008", "化工", 15, level="重点"),
    Customer("HY02", "耒阳金港水泥制品", HN, "衡阳市", "耒阳市", "哲桥镇金港路2号", "伍老板", "19900001027", "水泥", 68),
    Customer("HY02", "常宁白沙选矿", HN, "衡阳市", "常宁市", "白沙镇选矿厂", "刘矿长", "19900001028", "矿山", 74),
    Customer("HY02", "祁东宏达粮油", HN, "衡阳市", "祁东县", "洪桥街道粮贸路9号", "周经理", "19900001029", "粮食加工", 62),
    Customer("HY02", "衡南鸿运管业", HN, "衡阳市", "衡南县", "云集街道工业集中区", "邹师傅", "19900001030", "塑料", 24),
)  # fmt: skip


def of(dealer: str) -> tuple[Customer, ...]:
    """List the customers of a dealer."""
    return tuple(customer for customer in CUSTOMERS if customer.dealer == dealer)


def named(dealer: str, name: str) -> Customer:
    """Find a customer of a dealer by its name without (示例)."""
    return next(customer for customer in CUSTOMERS if (customer.dealer, customer.name) == (dealer, name))
