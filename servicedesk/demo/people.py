"""The people of the sample data (domain.md 21.1): names where the handbook gives them, else invented."""

from dataclasses import dataclass

from partners.enums import Department, Role

A, D, T, K, B, O = (  # one letter a role keeps a person on one line
    Role.ADMIN, Role.DISPATCHER, Role.TECHNICIAN, Role.STOREKEEPER, Role.ACCOUNTANT, Role.OWNER,
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody who signs in; key is unique, phone is the sign-in, title is what the duty is called on the table of sign-ins."""

    key: str
    organisation: str
    name: str
    roles: tuple[Role, ...]
    title: str
    department: Department
    phone: str


def _numbered(rows: tuple[tuple[str, str, tuple[Role, ...], str, Department], ...]) -> tuple[Person, ...]:
    """Give each person the next number from 19900000001 on and a key of organisation and name."""
    return tuple(
        Person(f"{organisation}/{name}", organisation, name, roles, title, department, f"199{at:08d}")
        for at, (organisation, name, roles, title, department) in enumerate(rows, start=1)
    )


NONE, AFTER_SALES = Department.NONE, Department.AFTER_SALES

PEOPLE = _numbered(
    (
        ("PF", "周平", (A,), "平台管理员", NONE),
        ("CS01", "李静", (D,), "调度员", NONE),
        ("CS01", "周岚", (A, D), "管理员、调度员", NONE),
        ("CS01", "彭启明", (O,), "老板", NONE),
        ("CS01", "黄慧", (B,), "结算员", NONE),
        ("CS01", "文军", (K,), "配件库管", NONE),
        ("CS01", "陈志强", (T,), "服务技师", NONE),
        ("CS01", "刘建军", (T,), "服务技师", NONE),
        ("CS01", "王海涛", (T,), "服务技师", NONE),
        ("CS01", "赵鹏", (T,), "服务技师", NONE),
        ("CS01", "何小明", (T,), "服务技师", NONE),
        ("CS01", "谢军", (T,), "服务技师", NONE),
        ("HF01", "汪敏", (D,), "调度员", NONE),
        ("HF01", "程恒", (A, O), "管理员、老板", NONE),
        ("HF01", "陶娟", (B, K), "结算员、库管", NONE),
        ("HF01", "张磊", (T,), "服务技师", NONE),
        ("HF01", "孙浩", (T,), "服务技师", NONE),
        ("HF01", "许峰", (T,), "服务技师", NONE),
        ("HF01", "丁勇", (T,), "服务技师", NONE),
        ("CD01", "曾洁", (D,), "调度员", NONE),
        ("CD01", "蒋科", (A, O), "管理员、老板", NONE),
        ("CD01", "任丽", (B, K), "结算员、库管", NONE),
        ("CD01", "罗刚", (T,), "服务技师", NONE),
        ("CD01", "冯涛", (T,), "服务技师", NONE),
        # A small dealer: one woman holds four roles in the office, the owner repairs himself
        ("HY02", "肖红", (A, D, B, K), "管理员、调度、结算、库管", NONE),
        ("HY02", "唐斌", (O, T), "老板、服务技师", NONE),
        ("HY02", "邓超", (T,), "服务技师", NONE),
        ("HC-HN", "郭伟", (A, Role.OFFICE_MANAGER), "办事处经理", NONE),
        ("HC-HN", "方梅", (Role.OFFICE_ENGINEER,), "服务工程师", NONE),
        ("HC-AH", "韩东", (A, Role.OFFICE_MANAGER), "办事处经理", NONE),
        ("HC-AH", "胡倩", (Role.OFFICE_ENGINEER,), "服务工程师", NONE),
        ("HC-SC", "谭波", (A, Role.OFFICE_MANAGER), "办事处经理", NONE),
        ("HC-SC", "夏雨", (Role.OFFICE_ENGINEER,), "服务工程师", NONE),
        ("SF-HN", "陆川", (A, Role.OFFICE_MANAGER), "办事处经理", NONE),
        ("SF-HN", "姚琴", (Role.OFFICE_ENGINEER,), "服务工程师", NONE),
        ("HC", "吴丽", (A, Role.REVIEWER), "售后服务部审核、管理员", AFTER_SALES),
        ("HC", "苏婷", (Role.CALL_CENTRE,), "售后服务部呼叫中心", AFTER_SALES),
        ("HC", "钱进", (Role.DEPARTMENT,), "品质部", Department.QUALITY),
        ("HC", "沈工", (Role.DEPARTMENT,), "技术部", Department.TECHNICAL),
        ("HC", "马主任", (Role.DEPARTMENT,), "生产部", Department.PRODUCTION),
        ("HC", "秦芳", (Role.FINANCE,), "财务", Department.FINANCE),
        ("HC", "丁旭", (Role.PARTS_STORE,), "旧件库", AFTER_SALES),
        ("SF", "孟洋", (A, Role.REVIEWER), "售后服务部审核、管理员", AFTER_SALES),
        ("SF", "孔令峰", (Role.DEPARTMENT,), "品质部", Department.QUALITY),
        ("SF", "于志远", (Role.DEPARTMENT,), "技术部", Department.TECHNICAL),
        ("SF", "宋国强", (Role.DEPARTMENT,), "生产部", Department.PRODUCTION),
        ("SF", "纪晓燕", (Role.FINANCE,), "财务", Department.FINANCE),
        ("SF", "毕胜", (Role.PARTS_STORE,), "旧件库", AFTER_SALES),
        ("LT", "顾敏", (A, Role.REVIEWER), "售后服务部审核、管理员", AFTER_SALES),
        (
            "LT",
            "朱莉",
            (Role.REVIEWER, Role.CALL_CENTRE, Role.PARTS_STORE),
            "售后服务部审核、呼叫中心、旧件库",
            AFTER_SALES,
        ),
        ("LT", "潘勇", (Role.DEPARTMENT,), "品质部", Department.QUALITY),
        ("LT", "尹雪", (Role.FINANCE,), "财务", Department.FINANCE),
        ("JL", "华琳", (A, Role.REVIEWER), "售后服务部审核、管理员", AFTER_SALES),
        (
            "JL",
            "过敏杰",
            (Role.REVIEWER, Role.CALL_CENTRE, Role.PARTS_STORE),
            "售后服务部审核、呼叫中心、旧件库",
            AFTER_SALES,
        ),
        ("JL", "惠建华", (Role.DEPARTMENT,), "品质部", Department.QUALITY),
        ("JL", "尤佳", (Role.FINANCE,), "财务", Department.FINANCE),
        ("PC", "承浩", (A, Role.REVIEWER), "售后服务部审核、管理员", AFTER_SALES),
        (
            "PC",
            "是文娟",
            (Role.REVIEWER, Role.CALL_CENTRE, Role.PARTS_STORE),
            "售后服务部审核、呼叫中心、旧件库",
            AFTER_SALES,
        ),
        ("PC", "恽斌", (Role.DEPARTMENT,), "品质部", Department.QUALITY),
        ("PC", "谈颖", (Role.FINANCE,), "财务", Department.FINANCE),
    )
)

BY_KEY = {person.key: person for person in PEOPLE}


def technicians(dealer: str) -> tuple[Person, ...]:
    """List the technicians of a dealer in the order of the handbook."""
    return tuple(person for person in PEOPLE if person.organisation == dealer and T in person.roles)


def dispatcher(dealer: str) -> Person:
    """Name the person who usually takes a dealer's calls."""
    return next(person for person in PEOPLE if person.organisation == dealer and D in person.roles)
