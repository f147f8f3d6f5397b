"""Makes what stands before the first report: organisations, people with accounts, partnerships, catalogue, customers, machines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

from core import tenancy
from core.calendars import SHANGHAI
from core.tenancy import Tier, Viewer
from equipment.enums import CustomerGrade, CustomerSource
from equipment.models import Customer, Machine
from equipment.operations.catalogue import LineFacts, PartFacts, add_line, add_models, add_part
from equipment.operations.customers import CustomerFacts, add_customer
from equipment.operations.machines import MachineFacts, add_machine
from partners.enums import Department, OrganisationKind, Role
from partners.models import Account, Organisation, Person
from partners.operations.accounts import IssuedLink, accept_link, make_invitation
from partners.operations.organisations import Card, add_organisation
from partners.operations.partnerships import Assignment, Terms, confirm_partnership, propose_partnership
from partners.operations.people import PersonFacts, change_person, invite_person
from partners.queries import viewers
from servicedesk.demo import cards, warranty
from servicedesk.demo.customers import CUSTOMERS
from servicedesk.demo.customers import Customer as CustomerPlan
from servicedesk.demo.organisations import DEALERS, MAKERS, OFFICES, PARTNERSHIPS, PLATFORM, Dealer, Maker, Office
from servicedesk.demo.people import PEOPLE
from servicedesk.demo.people import Person as PersonPlan
from servicedesk.demo.plan import MachinePlan, Plan
from servicedesk.demo.products import MODEL, MODELS, PARTS
from servicedesk.demo.walk import World

SOURCES = {"直销": CustomerSource.DIRECT, "二级": CustomerSource.RESALE, "主机配套": CustomerSource.HOST_MACHINE}
NO_HOST = ("", "", "")
GRADES = {"典型客户": CustomerGrade.TYPICAL, "重点": CustomerGrade.KEY, "一般": CustomerGrade.ORDINARY}

Tell = Callable[[str], None]


def build(plan: Plan, *, password: str, tell: Tell) -> World:
    """Make everything as of a day before the plan's first job, in one transaction of the caller; returns who and what there is."""
    first = min(job.reported_at for job in plan.jobs).astimezone(SHANGHAI).date()
    now = datetime.combine(first - timedelta(days=30), time(9), SHANGHAI)
    platform = _platform(now, password)
    organisations = _organisations(platform, now, password)
    people, acting = _people(organisations, now)
    tell(f"{len(organisations) + 1} organisations, {len(people)} people")
    _partnerships(platform, organisations, acting, now)
    acting = {key: _viewer(person) for key, person in people.items()}  # now with their partnerships
    _catalogue(acting, now)
    tell(f"{len(PARTNERSHIPS)} partnerships, {len(MODELS)} models, {len(PARTS)} parts")
    reviewers = {maker.code: _reviewer(maker.code) for maker in MAKERS}
    tell(f"{warranty.publish(acting, reviewers, now)} policies of warranty")
    tell(f"{cards.publish(acting, reviewers, now)} rate cards")
    customers = _customers(acting, now)
    machines = _machines(plan, acting, customers, organisations, now)
    tell(f"{len(customers)} customers, {len(machines)} machines")
    return World(acting, people, customers, machines)


def _viewer(person: Person) -> Viewer:
    found = viewers.of_person(person.pk)
    assert found is not None, person.name
    return found


def _first(organisation: str) -> PersonPlan:
    """Name an organisation's first administrator."""
    return next(person for person in PEOPLE if person.organisation == organisation and Role.ADMIN in person.roles)


def _join(link: IssuedLink, plan: PersonPlan, now: datetime, password: str) -> Person:
    """Use an invitation as the invited person does, as the login user."""
    accept_link(token=link.token, phone=plan.phone, password=password, now=now)
    return link.person


def _join_with_colleagues_password(viewer: Viewer, person: Person) -> Person:
    """Give somebody an account with the password of who invited him: sixty hashes of one word would take half a minute."""
    account = Account.objects.create(
        phone=person.phone, password=Account.objects.values_list("password", flat=True).get(pk=viewer.account_id or 0)
    )
    with tenancy.acting(viewer):
        Person.objects.visible_to(viewer).filter(pk=person.pk).update(account=account)
    return person


def _platform(now: datetime, password: str) -> Viewer:
    """Make the platform and its administrator, who is nobody's guest: the first of all."""
    plan = _first("PF")
    bare = Viewer(tier=Tier.PLATFORM, org=0, name=plan.name, roles=frozenset({Role.ADMIN.value}))
    with tenancy.acting(bare):
        organisation = Organisation.objects.create(
            kind=OrganisationKind.PLATFORM,
            code=PLATFORM.code,
            name=PLATFORM.name,
            short_name=PLATFORM.short,
            service_phone=PLATFORM.phone,
            address=PLATFORM.address,
        )
        own = Viewer(
            tier=Tier.PLATFORM, org=organisation.pk, name=plan.name, roles=bare.roles, partners=(organisation.pk,)
        )
        tenancy.enter(own)
        person = Person.objects.create(
            organisation=organisation, name=plan.name, phone=plan.phone, roles=[Role.ADMIN.value], is_admin=True
        )
        link = make_invitation(viewer=own, person=person, now=now)
    return _viewer(_join(link, plan, now, password))


def _organisations(platform: Viewer, now: datetime, password: str) -> dict[str, Organisation]:
    """Put makers, offices and dealers on the platform; their first administrators accept."""
    made: dict[str, Organisation] = {}
    rows: list[tuple[OrganisationKind, Maker | Office | Dealer]] = [
        *((OrganisationKind.MAKER, row) for row in MAKERS),
        *((OrganisationKind.OFFICE, row) for row in OFFICES),
        *((OrganisationKind.DEALER, row) for row in DEALERS),
    ]
    for kind, row in rows:
        admin = _first(row.code)
        with tenancy.acting(platform):
            made[row.code], link = add_organisation(
                viewer=platform,
                kind=kind,
                code=row.code,
                card=Card(row.name, row.short, row.phone, row.address),
                admin_name=admin.name,
                admin_phone=admin.phone,
                parent=made[row.maker].public_id if isinstance(row, Office) else "",
                now=now,
            )
        _join(link, admin, now, password)
    return made


def _people(organisations: dict[str, Organisation], now: datetime) -> tuple[dict[str, Person], dict[str, Viewer]]:
    """Let each administrator take his other roles and invite his colleagues."""
    people: dict[str, Person] = {}
    acting: dict[str, Viewer] = {}
    for plan in sorted(PEOPLE, key=lambda plan: Role.ADMIN not in plan.roles):
        if plan.organisation == PLATFORM.code:
            continue
        is_first = plan is _first(plan.organisation)
        facts = PersonFacts(
            plan.name,
            plan.phone,
            tuple(role.value for role in plan.roles),
            department=plan.department if plan.organisation in {maker.code for maker in MAKERS} else Department.NONE,
        )
        if is_first:
            admin = _admin_of(organisations[plan.organisation], plan)
            viewer = _viewer(admin)
            with tenancy.acting(viewer):
                people[plan.key] = change_person(
                    viewer=viewer, public_id=admin.public_id, facts=facts, expected_version=admin.version, now=now
                )
        else:
            viewer = acting[_first(plan.organisation).key]
            with tenancy.acting(viewer):
                link = invite_person(viewer=viewer, facts=facts, now=now)
            people[plan.key] = _join_with_colleagues_password(viewer, link.person)
        acting[plan.key] = _viewer(people[plan.key])
    return people, acting


def _admin_of(organisation: Organisation, plan: PersonPlan) -> Person:
    own = viewers.of_organisation(organisation.pk)
    assert own is not None
    with tenancy.acting(own):
        return Person.objects.visible_to(own).one(organisation=organisation, phone=plan.phone)


def _partnerships(
    platform: Viewer, organisations: dict[str, Organisation], acting: dict[str, Viewer], now: datetime
) -> None:
    """Propose each partnership and have both sides confirm it."""
    for row in PARTNERSHIPS:
        with tenancy.acting(platform):
            partnership = propose_partnership(
                viewer=platform,
                dealer=organisations[row.dealer].public_id,
                manufacturer=organisations[row.maker].public_id,
                terms=Terms(sharing=row.sharing, scheme=row.scheme),
                assignment=Assignment(
                    office=organisations[row.office].public_id if row.office else "",
                    level=row.level,
                    districts=row.districts,
                ),
                now=now,
            )
        for side in (row.dealer, row.maker):
            viewer = acting[_first(side).key]
            with tenancy.acting(viewer):
                partnership = confirm_partnership(
                    viewer=viewer,
                    public_id=partnership.public_id,
                    expected_version=partnership.version,
                    now=now + timedelta(hours=2),
                )


def _catalogue(acting: dict[str, Viewer], now: datetime) -> None:
    """Let each maker publish its lines, models and parts."""
    for maker in MAKERS:
        viewer = acting[_first(maker.code).key]
        families: dict[tuple[str, str], list[str]] = {}
        for model in (model for model in MODELS if model.maker == maker.code):
            families.setdefault((model.line, model.product_type), []).append(model.name)
        with tenancy.acting(viewer):
            for at, ((line, product_type), codes) in enumerate(families.items(), start=1):
                name = line if line == product_type else f"{line}({product_type})"
                facts = LineFacts(code=f"{maker.code}{at:02d}", name=name, product_type=product_type)
                row = add_line(viewer=viewer, manufacturer_id=viewer.org, facts=facts, now=now)
                add_models(viewer=viewer, line_id=row.public_id, codes=codes, now=now)
            for part in (part for part in PARTS if maker.code in part.makers):
                add_part(
                    viewer=viewer,
                    manufacturer_id=viewer.org,
                    facts=PartFacts(part.code, part.name, part.unit, part.price, key_part=part.key),
                    now=now,
                )


def _reviewer(maker: str) -> str:
    return next(person.key for person in PEOPLE if person.organisation == maker and Role.REVIEWER in person.roles)


def _customers(acting: dict[str, Viewer], now: datetime) -> dict[tuple[str, str], Customer]:
    made = {}
    for row in CUSTOMERS:
        viewer = acting[_desk(row.dealer)]
        with tenancy.acting(viewer):
            made[row.dealer, row.name] = add_customer(viewer=viewer, facts=_customer_facts(row), now=now)
    return made


def _desk(dealer: str) -> str:
    return next(person.key for person in PEOPLE if person.organisation == dealer and Role.DISPATCHER in person.roles)


def _customer_facts(row: CustomerPlan) -> CustomerFacts:
    return CustomerFacts(
        name=row.full_name,
        phone=row.phone,
        contact=row.contact,
        province=row.province,
        city=row.city,
        district=row.district,
        address=row.street,
        phone2=row.second_phone,
        industry=row.industry,
        source=SOURCES[row.source],
        grade=GRADES[row.level],
        note=row.note,
    )


def _machines(
    plan: Plan,
    acting: dict[str, Viewer],
    customers: dict[tuple[str, str], Customer],
    organisations: dict[str, Organisation],
    now: datetime,
) -> dict[str, Machine]:
    hosts = {(row.dealer, row.name): row.host for row in CUSTOMERS if row.host}
    names = {dealer.code: dealer.name for dealer in DEALERS}
    made = {}
    for row in plan.machines:
        viewer = acting[_desk(row.dealer)]
        is_driven = row.maker == "HC"  # the motor came with the host machine; pumps beside it did not
        host = hosts.get((row.dealer, row.customer), NO_HOST) if is_driven else NO_HOST
        with tenancy.acting(viewer):
            made[row.key] = add_machine(
                viewer=viewer,
                customer=customers[row.dealer, row.customer],
                facts=_machine_facts(row, organisations[row.maker].pk, host, names[row.dealer]),
                now=now,
            )
    return made


def _machine_facts(row: MachinePlan, maker: int, host: tuple[str, str, str], dealer: str) -> MachineFacts:
    """A machine that came with a host machine was sold by somebody else."""
    return MachineFacts(
        manufacturer_id=maker,
        product_type=MODEL[row.maker, row.model].product_type,
        model=row.model,
        serial_number=row.serial_number,
        ex_factory_on=row.ex_factory_on,
        batch=row.batch,
        shipped_on=row.shipped_on,
        purchased_on=row.purchased_on,
        accepted_on=row.accepted_on,
        host_brand=host[0],
        host_model=host[1],
        host_number=host[2],
        location=row.location,
        conditions=row.conditions,
        conditions_note=row.conditions_note,
        running_hours=Decimal(row.running_hours) if row.running_hours is not None else None,
        sold_by="" if host[0] else dealer,
    )
