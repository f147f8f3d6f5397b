"""Development pages that show every component in every state, with invented data (ui.md 4.4).

Registered only when DEBUG or DEMO is on. ``?theme=dark`` and ``?lang=en`` show the other faces; nothing here touches the database.
"""

import io
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core.charts import bar_chart, month_chart
from core.tables import Column, Table
from partners.access import public

AT = datetime(2026, 11, 24, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
STROKES = "[[[60,150,0],[75,90,40],[95,60,80],[110,70,120],[100,120,160],[85,165,200],[110,140,240],[150,105,280],[175,110,320],[160,150,360],[180,150,400],[210,110,440],[225,120,480],[220,150,520],[250,140,560],[300,100,600]],[[330,70,900],[335,120,940],[330,170,980]],[[300,115,1200],[360,105,1240],[420,100,1280],[400,150,1320],[450,140,1360],[520,120,1400]]]"
PAGES = ("components", "forms", "list", "ticket", "job", "slip", "home", "sign-in", "stale", "404", "500", "503")


class SampleForm(forms.Form):
    """One field of each kind."""

    customer = forms.CharField(label=gettext_lazy("Customer name"), max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("Mobile, or landline with area code"),
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off", "data-width": "half"}),
    )
    arrived = forms.DateTimeField(
        label=gettext_lazy("Arrived on site"),
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "60", "data-width": "half", "data-now": "1"}),
    )
    hours = forms.DecimalField(
        label=gettext_lazy("Working hours"),
        widget=forms.NumberInput(
            {"inputmode": "decimal", "step": "0.5", "data-width": "half", "data-unit": gettext_lazy("hours")}
        ),
    )
    made_on = forms.DateField(
        label=gettext_lazy("Date of manufacture"),
        required=False,
        widget=forms.DateInput({"type": "date", "data-width": "half"}),
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        choices=[("1", "停产"), ("2", "影响生产"), ("3", "一般")],
        widget=forms.RadioSelect({"data-big": True}),
    )
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("Working conditions"),
        required=False,
        choices=[("1", "粉尘"), ("2", "潮湿"), ("3", "腐蚀"), ("4", "户外"), ("5", "变频")],
        widget=forms.CheckboxSelectMultiple,
    )
    fault = forms.CharField(
        label=gettext_lazy("Diagnosed fault"),
        min_length=4,
        help_text=gettext_lazy("Write symptom and readings"),
        widget=forms.Textarea({"rows": 3, "data-phrases": "机封动环碎裂|轴承异响|三相电流不平衡"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("How it was solved"), choices=[("", "–"), ("1", "更换零件"), ("2", "调整")]
    )
    agreed = forms.BooleanField(label=gettext_lazy("Old parts go back to the maker"), required=False)


class SampleFilter(forms.Form):
    """Filters as a list has them."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Customer, telephone, number")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", "全部"), ("open", "未完结"), ("new", "待受理")]
    )
    technician = forms.ChoiceField(
        label=gettext_lazy("Technician"), required=False, choices=[("", "全部"), ("1", "刘建军")]
    )


class SampleMore(forms.Form):
    """Filters that hide behind the button."""

    city = forms.CharField(label=gettext_lazy("City"), required=False)


def sample_portal(request: HttpRequest) -> dict[str, Any]:
    """The frame's context as ``servicedesk.context.portal`` gives it."""
    place = request.path
    entries = [
        (_("Today"), "house", "home", 0, True),
        (_("Tickets"), "clipboard-list", "list", 12, True),
        (_("Ticket"), "file-text", "ticket", 0, False),
        (_("Job"), "route", "job", 0, True),
        (_("Slip"), "pen-line", "slip", 0, True),
        (_("Forms"), "list-checks", "forms", 0, False),
        (_("Components"), "layers", "components", 0, False),
    ]
    nav = []
    for label, icon, name, badge, bottom in entries:
        url = reverse("styleguide_page", args=[name])
        nav.append({"label": label, "icon": icon, "url": url, "badge": badge, "bottom": bottom, "active": place == url})
    return {
        "nav": nav,
        "organisation_name": "长沙三湘机电服务(示例)",
        "person_name": "李静",
        "role_name": "调度员",
        "user_id": 7,
        "unread": 3,
        "theme": request.GET.get("theme", ""),
        "density": request.GET.get("density", "standard"),
        "language": translation.get_language(),
        "home_url": reverse("styleguide"),
        "preferences_url": reverse("styleguide"),
        "new_ticket_url": reverse("styleguide_page", args=["forms"]),
        "memberships": [
            {"name": "长沙三湘机电服务(示例)", "url": "#", "active": True},
            {"name": "株洲分公司(示例)", "url": "#", "active": False},
        ],
        "makers": [
            {"name": "上海佳力泵业(示例)", "url": "#", "active": True},
            {"name": "湘潭电机(示例)", "url": "#", "active": False},
        ],
    }


def sample_tickets() -> list[SimpleNamespace]:
    """Rows of a dispatcher's list."""
    rows = [
        (
            "BX-CS01-202611-0042",
            "永州远山矿业",
            "DG46-50×8",
            "轴封喷水,停产",
            "active",
            "已派工",
            "刘建军",
            "永州 宁远",
            True,
        ),
        (
            "BX-CS01-202611-0041",
            "株洲启明塑业",
            "YE3-132S-4",
            "起动跳闸,热继电器动作",
            "new",
            "已响应",
            "",
            "株洲 天元",
            False,
        ),
        (
            "BX-CS01-202611-0039",
            "湘潭建工机械租赁",
            "LG936L",
            "液压油温高,动作慢",
            "waiting",
            "待配件",
            "陈志强",
            "湘潭 岳塘",
            False,
        ),
        (
            "BX-CS01-202611-0037",
            "长沙橘洲水务",
            "ISG80-160",
            "机封渗漏",
            "warning",
            "待客户确认",
            "刘建军",
            "长沙 岳麓",
            False,
        ),
        (
            "BX-CS01-202611-0036",
            "衡阳南岭有色金属选矿厂",
            "DG85-67×6",
            "平衡盘磨损,振动 7.1 mm/s",
            "bad",
            "已退回",
            "赵国平",
            "衡阳 常宁",
            True,
        ),
        (
            "BX-CS01-202611-0031",
            "岳阳洞庭纸业",
            "YE3-280M-4",
            "轴承异响",
            "good",
            "已完工",
            "陈志强",
            "岳阳 君山",
            False,
        ),
    ]
    names = ("number", "customer", "model", "fault", "state", "state_label", "technician", "city", "urgent")
    return [
        SimpleNamespace(**dict(zip(names, row, strict=True)), at=AT - timedelta(hours=7 * place))
        for place, row in enumerate(rows)
    ]


def sample_table(rows: list[SimpleNamespace]) -> Table:
    """The list of tickets."""
    return Table(
        caption=_("Tickets"),
        columns=[
            Column("number", _("Ticket")),
            Column("at", _("Reported"), sort_url="?sort=at", sorted="down"),
            Column("model", _("Machine")),
            Column("fault", _("Fault")),
            Column("state", _("State")),
            Column("technician", _("Technician"), sort_url="?sort=technician"),
            Column("city", _("City")),
        ],
        rows=rows,
        count=28 if rows else 0,
        pills=[("未完结", "?"), ("长沙", "?")],
        clear_url="?",
        older_url="?before=31" if rows else "",
        empty_text=_("No tickets match these filters."),
        empty_url="?",
        empty_label=_("Clear all"),
    )


def sample_timeline() -> list[dict[str, Any]]:
    """A story with every kind of entry."""
    return [
        {"at": AT, "who": "刘建军", "text": "已到达现场", "machine": False},
        {"at": AT - timedelta(minutes=5), "who": "", "text": "已通知客户:技师已到达", "machine": True},
        {
            "at": AT - timedelta(hours=2),
            "who": "李静",
            "text": "备注",
            "said": "客户配电房钥匙在门卫处,到了先打电话。",
            "internal": True,
        },
        {"at": AT - timedelta(hours=3), "who": "李静", "text": "派工给 刘建军,随行 陈志强"},
        {
            "at": AT - timedelta(hours=4),
            "who": "李静",
            "text": "登记报修",
            "said": "早班一开机轴封就喷水,水泵停了,选矿线停产。",
        },
    ]


def sample_context(request: HttpRequest) -> dict[str, Any]:
    """Everything the pages show."""
    rows = sample_tickets()
    broken = SampleForm({"customer": "", "phone": "1380013", "fault": "坏了", "hours": "3"})
    broken.is_valid()
    return {
        "portal": sample_portal(request),
        "pages": PAGES,
        "rows": rows,
        "table": sample_table(rows),
        "empty_table": sample_table([]),
        "filter_form": SampleFilter({"state": "open"}),
        "more_form": SampleMore(),
        "sample_form": SampleForm(initial={"customer": "永州远山矿业", "urgency": "1", "conditions": ["1", "2"]}),
        "broken_form": broken,
        "timeline": sample_timeline(),
        "sample_strokes": STROKES,
        "reported_at": AT,
        "families": [
            ("new", "待受理"),
            ("active", "处理中"),
            ("waiting", "待配件"),
            ("warning", "临近超时"),
            ("bad", "已退回"),
            ("good", "已完工"),
        ],
        "pairs": [
            ("客户名称", "永州远山矿业"),
            ("地址", "湖南省永州市宁远县九嶷大道 118 号"),
            ("联系人", "张工"),
            ("产品型号", "DG46-50×8"),
            ("出厂编号", "DG2603B0417"),
            ("产品出厂日期", "2026-03-18"),
            ("是否处于三包期", "是"),
            ("海拔", None),
        ],
        "steps": [
            {"label": "已受理", "state": "done", "at": AT - timedelta(hours=4)},
            {"label": "已派工", "state": "done", "at": AT - timedelta(hours=3)},
            {"label": "已到达", "state": "now", "at": None},
            {"label": "已完工", "state": "", "at": None},
        ],
        "rungs": [
            {"label": _("Accept"), "state": "done", "at": AT - timedelta(hours=3)},
            {"label": _("Set out"), "state": "done", "at": AT - timedelta(hours=2)},
            {"label": _("Arrived"), "state": "due", "button": {"label": _("Arrived"), "url": "#", "icon": "map-pin"}},
            {"label": _("Fill in the slip"), "state": "later", "icon": "file-text"},
            {"label": _("Customer signs"), "state": "later", "icon": "signature"},
        ],
        "slots": [
            {
                "key": "plate",
                "label": "铭牌",
                "needed": True,
                "photos": [{"url": reverse("styleguide_photo"), "source": "camera", "at": AT}],
            },
            {"key": "fault", "label": "故障", "needed": True, "photos": []},
            {"key": "after", "label": "更换后", "needed": True, "photos": []},
        ],
        "copies": [
            {"key": "dealer", "label": "存根", "color": "white", "url": "?copy=dealer", "active": True},
            {"key": "customer", "label": "客户", "color": "red", "url": "?copy=customer", "active": False},
            {"key": "maker", "label": "厂家", "color": "yellow", "url": "?copy=maker", "active": False},
        ],
        "changes": [
            {"label": "现场确诊故障", "theirs": "机封动环碎裂", "mine": "机封静环磨损", "changed": True},
            {"label": "服务工时", "theirs": "3.5", "mine": "3.5", "changed": False},
        ],
        "months": month_chart(
            id="months",
            title="到场:各月及时率",
            description="4 月 92 %,5 月 85 %,6 月 100 %",
            months=[("4", "2026"), ("5", ""), ("6", "")],
            scale=[(0, "0 %"), (50, "50 %"), (100, "100 %")],
            columns=("及时", [(92, "92 %"), (85, "85 %"), (100, "100 %")]),
        ),
        "hours": month_chart(
            id="hours",
            title="到场:各月用时(小时)",
            description="中位数 2:10、2:40、2:05;90 百分位 3:50、4:20、3:30",
            months=[("4", "2026"), ("5", ""), ("6", "")],
            scale=[(0, "0:00"), (180, "3:00"), (360, "6:00")],
            lines=[
                ("中位数", [(130, "2:10"), (160, "2:40"), (125, "2:05")]),
                ("90 百分位", [(230, "3:50"), (260, "4:20"), (210, "3:30")]),
            ],
        ),
        "chart": bar_chart(
            id="faults",
            title="故障前五名",
            description="机封泄漏最多,41 次;轴承异响 28 次",
            values=[
                ("机封泄漏", 41, "41"),
                ("轴承异响", 28, "28"),
                ("绕组烧毁", 12, "12"),
                ("平衡盘磨损", 9, "9"),
                ("其他", 5, "5"),
            ],
        ),
        "running_job": {
            "id": 1,
            "done": 23,
            "total": 120,
            "words": "正在生成 23/120 张 · 约剩 40 秒",
            "running": False,
        },
        "failed_job": {
            "id": 2,
            "failed": True,
            "words": "生成到第 58 张时停下,前 57 张可下载。",
            "result_url": "#",
            "retry_url": "#",
        },
        "done_job": {"id": 3, "finished": True, "words": "120 张服务单已生成", "result_url": "#"},
        "more_buttons": [
            {"label": _("Hand back"), "dialog": "hand-back", "icon": "undo-2"},
            {"label": _("Wait for part"), "url": "#", "icon": "package"},
            {"label": _("Cancel ticket"), "dialog": "cancel-ticket", "icon": "x"},
        ],
        "next_button": {"label": _("Dispatch"), "url": "#", "icon": "send"},
        "share_text": "【派工】永州远山矿业 DG46-50×8\n轴封喷水,停产\n张工 138****4567 · 永州宁远九嶷大道 118 号\n请 刘建军 尽快出发",
        "error_id": "7F3A21",
    }


@public
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """To the first page."""
    return HttpResponseRedirect(reverse("styleguide_page", args=["components"]))


@public
@require_GET
def styleguide_page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the guide in the language of ``?lang=`` (zh-hans or en), else of the reader."""
    if name not in PAGES:
        return render(request, "404.html", {"portal": sample_portal(request)}, status=404)
    template = {
        "stale": "errors/stale.html",
        "404": "404.html",
        "500": "500.html",
        "503": "errors/unavailable.html",
    }.get(name, f"styleguide/{name}.html")
    context = sample_context(request) | {"has_errors": name == "forms"}
    if name == "stale":
        context |= {"who": "张工", "when": AT, "again_url": "#"}
    with translation.override(request.GET.get("lang") or translation.get_language()):
        return render(request, template, context)


@public
@require_GET
def styleguide_photo(request: HttpRequest) -> HttpResponse:
    """A drawn stand-in for a photo of a name plate."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (400, 400), "#8f9aa5")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((50, 90, 350, 310), fill="#d9dee4", outline="#56616c", width=4)
    for line in range(6):
        draw.line((75, 130 + line * 30, 325 - 40 * (line % 3), 130 + line * 30), fill="#39434d", width=7)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return HttpResponse(out.getvalue(), content_type="image/jpeg")


@public
def styleguide_upload(request: HttpRequest) -> HttpResponse:
    """Take a photo or an autosave and forget it, so that the modules can be tried."""
    if request.method != "POST":
        return HttpResponse(status=405)
    if request.GET.get("stale"):
        return render(request, "errors/_stale.html", sample_context(request) | {"who": "张工", "when": AT}, status=409)
    photo = request.FILES.get("photo")
    told = {"fields": request.POST.dict(), "bytes": photo.size if photo else 0, "longest": 0}
    if photo:
        from PIL import Image

        told["longest"] = max(Image.open(photo).size)
    return JsonResponse({"version": 2, "saved_at": AT.isoformat(), **told})


@public
@require_GET
def styleguide_options(request: HttpRequest) -> HttpResponse:
    """Hits of the sample combobox."""
    return render(request, "styleguide/_options.html", {"rows": sample_tickets(), "q": request.GET.get("q", "")})


urlpatterns = [
    path("", styleguide, name="styleguide"),
    path("photo.jpg", styleguide_photo, name="styleguide_photo"),
    path("upload/", styleguide_upload, name="styleguide_upload"),
    path("options/", styleguide_options, name="styleguide_options"),
    path("<str:name>/", styleguide_page, name="styleguide_page"),
]
