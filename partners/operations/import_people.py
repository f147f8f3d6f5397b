"""People of the own organisation from a spreadsheet; nobody is invited by it. A person is known by the mobile number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import Refused
from core.imports import values
from core.imports.kinds import Draft, Field, Kept, Kind, Problem, Run, State, Verdict, Written
from core.tenancy import Viewer
from partners.calculations import phones
from partners.enums import ROLES_OF_TIER, Department, Role
from partners.models import Person
from partners.operations.people import PersonFacts, change_person, deactivate_person, enter_person, reactivate_person

R = Role
WORDS: dict[str, tuple[Role, ...]] = {
    "管理员": (R.ADMIN,), "系统管理员": (R.ADMIN,), "经销商管理员": (R.ADMIN,), "administrator": (R.ADMIN,),
    "调度员": (R.DISPATCHER,), "调度": (R.DISPATCHER,), "客服": (R.DISPATCHER,), "dispatcher": (R.DISPATCHER,),
    "服务技师": (R.TECHNICIAN,), "技师": (R.TECHNICIAN,), "技术员": (R.TECHNICIAN,), "维修工": (R.TECHNICIAN,), "维修": (R.TECHNICIAN,),
    "technician": (R.TECHNICIAN,),
    "配件库管": (R.STOREKEEPER,), "库管": (R.STOREKEEPER,), "仓管": (R.STOREKEEPER,), "storekeeper": (R.STOREKEEPER,),
    "结算员": (R.ACCOUNTANT,), "财务": (R.ACCOUNTANT, R.FINANCE), "会计": (R.ACCOUNTANT, R.FINANCE), "accountant": (R.ACCOUNTANT,),
    "老板": (R.OWNER,), "负责人": (R.OWNER,), "查看者": (R.OWNER,), "owner": (R.OWNER,),
    "办事处经理": (R.OFFICE_MANAGER,), "经理": (R.OFFICE_MANAGER,), "服务工程师": (R.OFFICE_ENGINEER,), "工程师": (R.OFFICE_ENGINEER,),
    "审核": (R.REVIEWER,), "审核员": (R.REVIEWER,), "售后审核": (R.REVIEWER,), "呼叫中心": (R.CALL_CENTRE,), "话务员": (R.CALL_CENTRE,),
    "部门人员": (R.DEPARTMENT,), "旧件库": (R.PARTS_STORE,), "旧件库管": (R.PARTS_STORE,),
}  # fmt: skip
DEPARTMENTS = {"售后": Department.AFTER_SALES, "售后服务部": Department.AFTER_SALES, "技术部": Department.TECHNICAL, "生产部": Department.PRODUCTION,
               "品质部": Department.QUALITY, "质量部": Department.QUALITY, "财务部": Department.FINANCE}  # fmt: skip

FIELDS = (
    Field("name", pgettext_lazy("person", "Name"), ("姓名", "人员姓名", "员工姓名", "名字", "Name"), values.text(60), required=True, example="陈志强"),
    Field("phone", gettext_lazy("Mobile number"), ("手机号", "手机", "手机号码", "电话", "联系电话", "Mobile", "Phone"), values.phone, required=True, example="13800001111"),
    Field("roles", gettext_lazy("Roles"), ("角色", "岗位", "职务", "工种", "Role", "Roles"), values.text(100), required=True, example="服务技师、调度员"),
    Field("department", gettext_lazy("Department"), ("部门", "Department"), values.choice(DEPARTMENTS)),
    Field("branch", gettext_lazy("Branch"), ("网点", "分公司", "门店", "Branch"), values.text(40)),
    Field("city", gettext_lazy("City"), ("城市", "所在城市", "驻地", "City"), values.text(20), example="长沙市"),
)  # fmt: skip


def judge(viewer: Viewer, run: Run, drafts: Sequence[Draft]) -> list[Verdict]:
    """New, changed or unchanged; a deactivated person comes back."""
    numbers = [phones.normalised(draft.values["phone"]) for draft in drafts]
    rows = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, phone__in=numbers)
    known = {person.phone: person for person in rows.order_by("id")}
    return [_verdict(viewer, draft, number, known.get(number)) for draft, number in zip(drafts, numbers, strict=True)]


def _verdict(viewer: Viewer, draft: Draft, number: str, person: Person | None) -> Verdict:
    problems = [] if phones.is_mobile(number) else [Problem("phone", _("only a mobile number can sign in"))]
    roles, wrong = roles_of(viewer, draft.values["roles"])
    problems += wrong
    if Role.DEPARTMENT.value in roles and not draft.values.get("department"):
        problems.append(Problem("department", _("is missing")))
    if problems:
        return Verdict(State.REJECTED, number, tuple(problems))
    facts = PersonFacts(
        name=draft.values["name"], phone=number, roles=roles,
        **{name: draft.values[name] for name in ("department", "branch", "city") if name in draft.values},
    )  # fmt: skip
    if person is None:
        return Verdict(State.NEW, number, target=(facts, None))
    if person.is_admin and Role.ADMIN.value not in roles:
        text = _("an administrator is changed on his own page only")
        return Verdict(State.REJECTED, number, (Problem("roles", text),))
    wanted = _merged(person, facts)
    same = person.active and wanted == _facts(person)
    return Verdict(State.UNCHANGED if same else State.CHANGED, number, target=(wanted, person))


def roles_of(viewer: Viewer, text: str) -> tuple[tuple[str, ...], list[Problem]]:
    """The roles that the words mean in the viewer's tier."""
    possible = ROLES_OF_TIER[viewer.tier]
    known = {values.squeezed(word): roles for word, roles in WORDS.items()}
    known |= {values.squeezed(str(role.label)): (role,) for role in possible}
    found: list[str] = []
    problems = []
    for word in re.split(r"[、,，;；/+\s]+", text):
        fitting = [role.value for role in known.get(values.squeezed(word), ()) if role in possible]
        if fitting:
            found += fitting
        elif word:
            mine = [name for name, roles in WORDS.items() if set(roles) & set(possible)]
            near = values.nearest(word, mine, 0.5)
            problems.append(Problem("roles", _("there is no role %(word)s here") % {"word": word}, near))
    return tuple(role.value for role in Role if role.value in found), problems


def write(viewer: Viewer, run: Run, chunk: Sequence[tuple[Draft, Verdict]], now: datetime) -> list[Written]:
    """Through `enter_person`, `change_person` and `reactivate_person`; no invitation is made."""
    done = []
    for draft, verdict in chunk:
        facts, person = verdict.target
        if person is None:
            row = enter_person(viewer=viewer, facts=facts, now=now)
            done.append(Written(draft.line, "person", row.pk, row.version))
            continue
        before: dict[str, Any] = {name: getattr(person, name) for name in PersonFacts.__dataclass_fields__} | {
            "active": person.active
        }
        row = person
        if not person.active:
            row = reactivate_person(viewer=viewer, public_id=person.public_id, expected_version=person.version, now=now)
        if facts != _facts(person):
            row = change_person(
                viewer=viewer, public_id=row.public_id, facts=facts, expected_version=row.version, now=now
            )
        done.append(Written(draft.line, "person", row.pk, row.version, before))
    return done


def undo(viewer: Viewer, written: Sequence[Written], now: datetime) -> list[Kept]:
    """Deactivate who has not signed in yet (people are never deleted); give the changed ones what they had."""
    kept = []
    by_pk = {one.pk: one for one in written}
    rows = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, pk__in=list(by_pk))
    for person in rows.order_by("id"):
        one = by_pk[person.pk]
        if person.version != one.version:
            kept.append(Kept(person.name, _("was changed since")))
        elif one.before is None and person.account_id:
            kept.append(Kept(person.name, _("has signed in")))
        else:
            try:
                _take_back(viewer, person, one, now)
            except Refused as refusal:
                kept.append(Kept(person.name, str(refusal)))
    return kept


def _take_back(viewer: Viewer, person: Person, one: Written, now: datetime) -> None:
    if one.before is not None:
        facts = {name: one.before[name] for name in PersonFacts.__dataclass_fields__}
        was = PersonFacts(**{**facts, "roles": tuple(facts["roles"])})
        if was != _facts(person):
            person = change_person(
                viewer=viewer, public_id=person.public_id, facts=was, expected_version=person.version, now=now
            )
    if (one.before is None or not one.before["active"]) and person.active:
        deactivate_person(viewer=viewer, public_id=person.public_id, expected_version=person.version, now=now)


def _facts(person: Person) -> PersonFacts:
    return PersonFacts(person.name, person.phone, tuple(person.roles), person.department, person.branch, person.city)


def _merged(person: Person, facts: PersonFacts) -> PersonFacts:
    """What is written over what is known; empty cells change nothing."""
    kept = {name: getattr(facts, name) or getattr(person, name) for name in ("department", "branch", "city")}
    return replace(facts, **kept)


KIND = Kind(
    name="people",
    label=gettext_lazy("People"),
    lead=gettext_lazy(
        "Colleagues with mobile number and roles. Nobody is invited by it: you send the invitations afterwards."
    ),
    action="import.people",
    icon="circle-user",
    fields=FIELDS,
    judge=judge,
    write=write,
    undo=undo,
    list_name="partners:people",
)
