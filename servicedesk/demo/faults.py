"""The thirty faults of domain.md 21.2 as rows: what is reported, found, blamed and done, and with which parts."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from equipment.enums import Responsibility as Blame
from tickets.enums import Treatment as Cure
from tickets.enums import Urgency as Haste
from tickets.enums import WarrantyTick

YES, NO, OPEN = WarrantyTick.YES, WarrantyTick.NO, WarrantyTick.OPEN


class Season(StrEnum):
    """When a fault comes more often (domain.md 21.2, last paragraph)."""

    EVEN = "even"
    BEARING = "bearing"  # July and August: dust and heat
    PHASE_LOSS = "phase_loss"  # May and June: the farm season loads the grid
    HEAT = "heat"  # July: compressors in hot rooms


@dataclass(frozen=True)
class Fault:
    """One fault.

    reported: what customers say, several wordings of the same. diagnosis may hold {name} for readings that differ from
    job to job, with their range in `readings`; the first job has the handbook's own. parts: number and how many.
    hours: 定额工时. months: age of the machine. running: hours on its counter. charged: the customer pays.
    """

    id: str
    model: str
    conditions: tuple[str, ...]
    reported: tuple[str, ...]
    diagnosis: str
    cause: str
    responsibility: Blame
    in_warranty: WarrantyTick
    solution: str
    treatment: Cure
    hours: Decimal
    symptom: str
    fault_part: str
    parts: tuple[tuple[str, int], ...] = ()
    note: str = ""
    season: Season = Season.EVEN
    urgency: Haste = Haste.AFFECTED
    months: int = 8
    running: int | None = None
    quantity: int = 1
    is_remote: bool = False
    other_service: str = ""
    readings: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    @property
    def charged(self) -> bool:
        """Whether the customer pays for parts and labour."""
        return self.in_warranty is NO and not self.is_remote


H = Decimal

FAULTS = (
    Fault("M01", "YE3-160M-4", ("皮带传动", "粉尘", "连续24h"),
        ("前端有咯咯声,烫手", "电机前端异响,摸着烫手", "轴承响,声音越来越大,前端盖很烫"),
        "前轴承6309内圈剥落,轴承座{temp}℃,振速{speed}mm/s", "轴承外购件早期疲劳,同批2台", Blame.MATERIAL, YES,
        "更换前后轴承,加脂至腔体1/3~1/2,试机30分钟温升正常", Cure.REPLACE_PART, H("3.0"), "异响", "轴承",
        (("BRG-6309", 2),), season=Season.BEARING, months=7, other_service="顺检同线电机1台",
        readings={"temp": (78, 74, 86), "speed": (7.2, 6.1, 8.4)}),
    Fault("M02", "YE3-180L-6", (),
        ("冒烟不转", "电机冒烟了,现在不转", "一启动就冒烟,有焦糊味"),
        "△接法一组相绕组烧黑,其余完好;熔断器L2断", "供电缺相运行", Blame.OPERATION, NO,
        "收费重绕,加装缺相保护", Cure.REPAIR, H("1.0"), "冒烟", "绕组", (("WIRE-QZ2", 6),), note="农忙季,电网不稳",
        season=Season.PHASE_LOSS, urgency=Haste.STOPPED, months=9, other_service="培训操作工:熔断器断一相时先停机"),
    Fault("M03", "YE3-132S-4", ("潮湿/滴水", "户外日晒"),
        ("一送电就跳闸", "送电就跳,漏保合不上", "下雨以后一开就跳闸"),
        "V相对地绝缘{insulation}MΩ,接线盒积水", "接线盒密封垫漏装", Blame.MANUFACTURE, YES,
        "烘干浸漆,补装密封垫,绝缘恢复至50MΩ以上", Cure.REPAIR, H("4.0"), "跳闸", "接线盒", (("JB-GSK", 1),), months=5,
        readings={"insulation": (0.08, 0.02, 0.30)}),
    Fault("M04", "YE3-200L-4", ("直联", "冲击负载"),
        ("振动大,地脚松", "破碎机电机振得厉害,地脚螺栓老松"),
        "振速{speed}mm/s,底脚裂纹25mm", "铸件底脚疏松", Blame.MATERIAL, YES,
        "更换机座(换整机),重新找正", Cure.REPLACE_MACHINE, H("4.5"), "振动", "端盖/机座", (("MOT-200L4", 1),),
        note="破碎机直联", urgency=Haste.STOPPED, months=4, readings={"speed": (9.8, 8.9, 10.6)}),
    Fault("M05", "YVF2-112M-4", ("变频",),
        ("低速过热报警", "变频开到低速就报电机过热"),
        "绕组145℃,独立风机反转", "风机相序接错", Blame.INSTALLATION, NO,
        "调相序并培训", Cure.ADJUST, H("1.0"), "过热", "外围电气", note="变频15Hz长期", months=3,
        other_service="培训操作工2人"),
    Fault("M06", "YE3-160L-2", ("皮带传动",),
        ("轴承一个月坏两次", "上个月刚换的轴承又响了"),
        "皮带张力超标约60%,轴伸侧内圈偏磨", "皮带过紧", Blame.OPERATION, NO,
        "调张力,收费换轴承", Cure.REPLACE_PART, H("3.0"), "异响", "轴承", (("BRG-6309", 2),), season=Season.BEARING,
        months=10, other_service="校对皮带轮平行度"),
    Fault("M07", "YVF2-132M-4", ("变频",),
        ("电流声,轴承搓衣板纹", "变频电机有电流声,轴承换下来一道一道的纹"),
        "轴电压{volt}V,滚道电蚀条纹", "轴电流,未装绝缘轴承/接地碳刷", Blame.DESIGN, YES,
        "换绝缘轴承,加接地环", Cure.REPLACE_PART, H("3.5"), "异响", "轴承", (("BRG-6308VL", 1), ("RING-AEG", 1)),
        note="载频高", season=Season.BEARING, months=11, readings={"volt": (1.9, 1.4, 2.3)}),
    Fault("M08", "YBX3-225M-4", ("粉尘",),
        ("起动时间长,热保护动作", "起动半天转不起来,热保护跳"),
        "转子断条2根,电流摆动", "铸铝转子缩孔", Blame.MANUFACTURE, YES,
        "换转子,旧转子返厂分析", Cure.REPLACE_ASSEMBLY, H("6.0"), "不启动", "转子", (("ROT-225", 1),), note="煤粉区,防爆场所",
        urgency=Haste.STOPPED, months=6),
    Fault("M09", "YE3-90L-4", ("间歇频繁启停",),
        ("频繁跳热继电器", "热继电器老跳,一天跳七八次"),
        "热继整定2.6A,额定3.5A,电话指导后正常", "保护整定错误", Blame.OPERATION, YES,
        "电话指导调整整定值至额定电流", Cure.ADVISE, H("0"), "跳闸", "外围电气", note="包装线,启停30次/h", urgency=Haste.NORMAL,
        months=2, is_remote=True),
    Fault("M10", "YE4-250M-4", ("高温>40℃", "粉尘"),
        ("机壳发烫,功率下降", "电机外壳烫得不行,带不动负载"),
        "风叶碎裂3片,温升{rise}K", "风叶注塑缺陷", Blame.MANUFACTURE, YES,
        "换风叶,清理风罩积尘", Cure.REPLACE_PART, H("1.5"), "过热", "风扇", (("FAN-250", 1),), note="风罩积尘", months=8,
        readings={"rise": (92, 86, 98)}),
    Fault("P01", "ISG80-160", ("清水", "连续24h"),
        ("轴封滴水成线", "泵轴那里漏水,成一条线"),
        "动静环端面划痕", "试车断水干磨", Blame.OPERATION, NO,
        "收费换机封,装缺水保护", Cure.REPLACE_PART, H("2.5"), "泄漏", "机封", (("SEAL-M-35", 1),), months=1,
        urgency=Haste.NORMAL),
    Fault("P02", "WQ100-20-15", ("污水含颗粒",),
        ("油室报警", "泵报油室进水"),
        "机封渗漏,油乳化,静环崩边,批次2603B", "机封静环批量缺陷", Blame.MATERIAL, YES,
        "换机封、换油,同批排查", Cure.REPLACE_PART, H("4.0"), "报警停机", "机封", (("SEAL-M-35", 1),), note="污水含纤维", months=3),
    Fault("P03", "IH65-50-160", ("酸碱介质", "污水含颗粒"),
        ("流量降到60%", "打不上量,流量只有原来一半多"),
        "叶轮口环间隙{gap}mm", "介质含颗粒磨损", Blame.WEAR, NO,
        "换口环,建议进口加过滤器", Cure.REPLACE_PART, H("3.0"), "流量不足", "泵体", (("RING-IH65", 1),), note="酸液含晶粒", months=13,
        readings={"gap": (1.6, 1.2, 1.9)}),
    Fault("P04", "DG46-50×8", ("高温介质", "连续24h"),
        ("轴封喷水停产", "给水泵轴封喷水,锅炉停了"),
        "机封动环碎裂,轴套沟槽{groove}mm,压缩量偏大2mm", "装配压缩量超差", Blame.MANUFACTURE, YES,
        "换机封轴套,重新找正0.05mm", Cure.REPLACE_PART, H("6.0"), "泄漏", "机封", (("KIT-DG46", 1),), note="锅炉给水",
        urgency=Haste.STOPPED, months=6, readings={"groove": (0.8, 0.5, 1.1)}),
    Fault("P05", "ISG100-200", ("清水",),
        ("响声像放鞭炮,压力摆动", "泵里噼啪响,压力表乱摆"),
        "进口-0.08MPa,叶轮蜂窝状", "汽蚀:吸程超限,底阀半堵", Blame.INSTALLATION, NO,
        "清底阀,降安装高度,收费换叶轮", Cure.REPLACE_PART, H("3.5"), "异响", "叶轮", (("IMP-ISG100", 1),), note="吸程5.5m", months=10),
    Fault("P06", "IRG50-160", ("高温介质",),
        ("刚装就振动", "新泵装上就抖,声音大"),
        "联轴器偏差{offset}mm", "安装未找正", Blame.INSTALLATION, NO,
        "激光找正至0.04mm,换弹性块(开机指导,首次免费)", Cure.ADJUST, H("1.5"), "振动", "联轴器", (("CPL-ES", 1),), note="热水95℃",
        urgency=Haste.NORMAL, months=0, readings={"offset": (0.42, 0.30, 0.55)}),
    Fault("P07", "WQ50-10-1.5", ("污水含颗粒",),
        ("漏电跳闸", "一下水就跳漏保"),
        "电缆入口密封失效,绝缘0", "电缆被拉扯", Blame.HUMAN, NO,
        "收费换电缆组件,加装吊绳", Cure.REPLACE_PART, H("2.0"), "漏电", "外围电气", (("CBL-WQ", 1),), note="基坑,电缆拖拽", months=4),
    Fault("C01", "LG-37A", ("室内常温", "粉尘"),
        ("高温停机110℃", "空压机高温报警停机,一天停三四次"),
        "散热器堵塞70%,环境{room}℃", "未清洁,通风不足", Blame.MAINTENANCE, NO,
        "清洗散热器,加导风罩", Cure.REPAIR, H("2.5"), "报警停机", "散热器", note="机房通风差", season=Season.HEAT, urgency=Haste.STOPPED,
        months=14, running=5200, readings={"room": (43, 40, 45)}),
    Fault("C02", "LG-22A", ("室内常温",),
        ("高温停机,散热器干净", "高温停机,散热器上周刚洗过"),
        "温控阀芯卡在旁通位", "阀芯外购件卡滞", Blame.MATERIAL, YES,
        "换温控阀芯", Cure.REPLACE_PART, H("1.5"), "报警停机", "温控阀", (("TV-71", 1),), urgency=Haste.STOPPED, months=7, running=2300),
    Fault("C03", "LG-55A", ("室内常温",),
        ("油耗大,管道有油", "三天加一次油,管道里都是油"),
        "回油管单向阀堵,油分压差0.02MPa", "回油单向阀杂质", Blame.MANUFACTURE, YES,
        "清洗回油管,换单向阀", Cure.REPLACE_PART, H("1.5"), "油耗大", "油分", (("CV-RET", 1),), months=5, running=1900),
    Fault("C04", "LG-75A", ("粉尘",),
        ("油分压差高报警", "面板报油分压差高,按复位也没用"),
        "压差0.11MPa,空滤为非原厂", "用非原厂空滤,油分提前堵", Blame.OPERATION, NO,
        "收费换三滤和油", Cure.REPLACE_PART, H("2.0"), "报警停机", "油分",
        (("SEP-30", 1), ("OF-30", 1), ("AF-30", 1), ("OIL-46", 2)), season=Season.HEAT, months=11, running=3900),
    Fault("C05", "LG-30PM", ("变频",),
        ("变频器过压停机", "半夜老是报过压停机"),
        "夜间电网{volt}V", "电网电压高", Blame.OPERATION, NO,
        "调参数,建议稳压", Cure.ADJUST, H("1.0"), "报警停机", "控制器", note="电压波动", months=5, running=1500,
        readings={"volt": (438, 430, 445)}),
    Fault("C06", "LG-22A", ("间歇频繁启停",),
        ("加卸载频繁,压力掉得快", "一会儿加载一会儿卸载,停机后压力掉得快"),
        "最小压力阀关闭不严", "密封件老化(14个月)", Blame.WEAR, OPEN,
        "换修理包", Cure.REPLACE_PART, H("1.0"), "压力不足", "最小压力阀", (("MPV-KIT", 1),), urgency=Haste.NORMAL, months=14, running=4600),
    Fault("C07", "LG-90A", ("连续24h",),
        ("主机异响,电流高", "机头响得厉害,电流比平时高20A"),
        "阳转子轴承游隙超差,铁谱异常", "主机轴承早期失效", Blame.MANUFACTURE, YES,
        "换主机,旧主机返厂", Cure.REPLACE_ASSEMBLY, H("12.0"), "异响", "主机(机头)", (("AE-90", 1),), note="需预授权", urgency=Haste.STOPPED,
        months=2, running=620),
    Fault("R01", "K97", ("户外日晒",),
        ("输出端漏油", "减速机出轴那头往下滴油"),
        "油封唇口硬化,透气帽堵死", "透气帽未拆运输塞,内压高", Blame.TO_APPRAISE, YES,
        "换油封,开透气帽", Cure.REPLACE_PART, H("2.0"), "泄漏", "油封", (("OS-60×85", 1), ("BREATH-R", 1)), note="输送机", months=6),
    Fault("R02", "WPA120", ("冲击负载",),
        ("转动有铜粉,间隙大", "放出来的油里有铜粉,轴能晃"),
        "蜗轮齿面磨损30%,油号不对(L-CKC150)", "用错油", Blame.OPERATION, NO,
        "收费换蜗轮副和油", Cure.REPLACE_ASSEMBLY, H("5.0"), "异响", "蜗轮副", (("WORM-120", 1),), note="搅拌,重载", months=10),
    Fault("R03", "R77", ("间歇频繁启停",),
        ("周期性敲击声", "转一圈敲一下,咚咚响"),
        "高速级齿面点蚀,硬度HRC{hardness}(要求58~62)", "热处理不足", Blame.MANUFACTURE, YES,
        "换齿轮轴", Cure.REPLACE_PART, H("5.0"), "异响", "齿轮", (("PIN-R77", 1),), note="正反转频繁,批次追查", months=5,
        readings={"hardness": (48, 46, 50)}),
    Fault("R04", "BWD5", ("潮湿/滴水",),
        ("卡死跳闸", "刮泥机卡死,一开就跳"),
        "摆线轮断裂,池内异物", "异物冲击过载", Blame.OPERATION, NO,
        "收费换摆线轮,装扭矩限制", Cure.REPLACE_PART, H("6.0"), "卡死", "齿轮", (("CYC-BWD5", 1),), note="刮泥机", urgency=Haste.STOPPED, months=8),
    Fault("R05", "S67", ("室内常温",),
        ("油温95℃", "减速机烫,油温表到95度"),
        "油位高出油镜顶部", "加油过量", Blame.MAINTENANCE, NO,
        "放油至中线(指导免费)", Cure.ADJUST, H("1.0"), "过热", "箱体", note="食品线", urgency=Haste.NORMAL, months=3),
    Fault("R06", "F87", ("间歇频繁启停",),
        ("结合面渗油", "箱体合缝那里渗油"),
        "合箱面残留铁屑,平面度0.15mm", "合箱清洁/加工", Blame.MANUFACTURE, YES,
        "拆检清理,重新涂胶", Cure.REPAIR, H("4.0"), "泄漏", "箱体", (("SEALANT", 1),), note="提升机", urgency=Haste.NORMAL, months=9),
)  # fmt: skip

FAULT = {fault.id: fault for fault in FAULTS}
#: help on site that costs the customer nothing although it is his side (21.2: 指导免费, 开机指导一次免费)
FREE_ADVICE = frozenset({"P06", "R05"})
