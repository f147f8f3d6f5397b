"""The reference lists as they are shipped (domain.md 19.5); the platform's administrator edits them afterwards."""

from __future__ import annotations

from django.db import connection, connections

from core.models.dictionary import DictionaryEntry, DictionaryKind

SHIPPED: dict[DictionaryKind, str] = {
    DictionaryKind.PRODUCT_TYPE: "三相异步电动机 变频电动机 防爆电动机 单级离心泵 管道离心泵 热水管道泵 化工泵 多级离心泵 潜污泵 螺杆空压机 永磁变频空压机"
    " 冷冻式干燥机 斜齿轮减速机 锥齿轮减速机 蜗轮减速机 平行轴减速机 摆线针轮减速机 未分类",
    DictionaryKind.CONDITION: "室内常温 户外日晒 粉尘 潮湿/滴水 腐蚀气体 高温>40℃ 高海拔>1000m 低温<-15℃ 连续24h 间歇频繁启停 变频 皮带传动 直联"
    " 冲击负载 清水 污水含颗粒 酸碱介质 高温介质",
    DictionaryKind.FAULT_PART: "轴承 绕组 转子 端盖/机座 接线盒 风扇 编码器 机封 叶轮 泵轴 泵体 底阀 主机(机头) 油分 温控阀 最小压力阀 进气阀"
    " 散热器 控制器 齿轮 蜗轮副 油封 箱体 输出轴 联轴器 外围电气",
    DictionaryKind.SYMPTOM: "不启动 跳闸 异响 振动 过热 泄漏 流量不足 压力不足 冒烟 漏电 油耗大 卡死 报警停机 其他",
    DictionaryKind.INDUSTRY: "饲料 矿山 塑料 粮食加工 水务 烟花 包装 化工 水泥 面粉 印染 铸造 食品 电力 冶金 造纸 其他",
    DictionaryKind.PHRASE_DIAGNOSIS: "轴承异响,游隙超差 机封泄漏,动静环磨损 绕组对地绝缘低 三相电流不平衡 联轴器偏差超标 散热器堵塞 油封唇口硬化 接线松动发热",
    DictionaryKind.PHRASE_SOLUTION: "更换轴承,加脂 更换机封,重新找正 烘干浸漆 紧固接线,复测绝缘 清洗散热器 更换油封 调整参数并试机 指导操作",
    DictionaryKind.REFUSAL: "客户不在现场 客户拒签,对费用有异议 客户拒签,对维修结果有异议 现场不便签字 其他",
    DictionaryKind.CANCEL: "客户撤销 重复报修 非我方产品 客户自行解决 其他",
}


def words(kind: DictionaryKind) -> list[str]:
    """The active words of a list, in its order. Common rows: the same for every viewer."""
    return lists(kind)[kind]


def lists(*kinds: DictionaryKind) -> dict[DictionaryKind, list[str]]:
    """`words` of several lists in one statement."""
    found: dict[DictionaryKind, list[str]] = {kind: [] for kind in kinds}
    with connection.cursor() as cursor:  # plain SQL: each form with choices asks, and Django would compile it each time
        cursor.execute(
            "SELECT kind, label FROM core_dictionaryentry WHERE kind = ANY (%s) AND active ORDER BY position, id",
            [[kind.value for kind in kinds]],
        )
        for kind, label in cursor.fetchall():
            found[DictionaryKind(kind)].append(label)
    return found


def fill(using: str) -> None:
    """Add shipped words that are missing; never changes or revives what the administrator edited."""
    if DictionaryEntry._meta.db_table not in connections[using].introspection.table_names():
        return
    rows = [
        DictionaryEntry(kind=kind, code=word, label=word, position=position)
        for kind, words in SHIPPED.items()
        for position, word in enumerate(words.split())
    ]
    DictionaryEntry._plain.using(using).bulk_create(rows, ignore_conflicts=True)
