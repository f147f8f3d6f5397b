"""The sample data as plain facts (domain.md 21): who, what, where and when; seed_demo makes rows of them.

All names are invented, every company carries (示例), telephone numbers are 199 0000 xxxx. The texts stay Chinese in
every language, as a real company's data would.
"""

PASSWORD = "Demo-2026-service"  # noqa: S105  # of invented people in a demo that refuses real data

#: who is shown in the table of sign-ins: one person for each view of the same work
SHOWN = (
    "CS01/李静", "CS01/陈志强", "CS01/周岚", "CS01/彭启明", "HF01/汪敏", "HF01/张磊", "HC-HN/郭伟", "HC/吴丽", "HC/钱进", "SF/孟洋", "PF/周平",
)  # fmt: skip


def sign_ins() -> list[tuple[str, str, str, str, str]]:
    """The demo's table of sign-ins, heads first: organisation, duty, name, phone, password."""
    from servicedesk.demo.organisations import DEALERS, MAKERS, OFFICES, PLATFORM
    from servicedesk.demo.people import BY_KEY

    names = {row.code: f"{row.short} {row.code}" for row in (PLATFORM, *MAKERS, *OFFICES, *DEALERS)}
    rows = [("单位", "职务", "姓名", "手机号", "密码")]
    for key in SHOWN:
        person = BY_KEY[key]
        rows.append((names[person.organisation], person.title, person.name, person.phone, PASSWORD))
    return rows
