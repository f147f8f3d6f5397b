"""What the tour drives: the browser's windows, the count of what held, pictures as a camera makes them, a finger that signs."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Error, FilePayload, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from servicedesk.demo import PASSWORD  # noqa: E402  # the path comes first

OUT = ROOT / "var" / "tour"
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
DISPATCHER, TECHNICIAN, OFFICE, REVIEWER, QUALITY, STRANGER = (
    "19900000002",
    "19900000007",
    "19900000028",
    "19900000036",
    "19900000038",
    "19900000013",
)
CUSTOMER_PHONE, CUSTOMER = "19900001001", "宁乡恒泰饲料"
FAULT = "2号制粒机电机前端有咯咯声,烫手,已停机"
DIAGNOSIS = "前轴承6309内圈剥落,轴承座78℃,振速7.2mm/s"


class Tour:
    """The browser, its windows, and the count of what held."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.passed, self.failed, self.number = 0, 0, 0
        self.faults: list[str] = []

    def window(self, login: str, look: dict[str, Any], **more: Any) -> Page:
        """A signed-in window of its own; console errors and failed requests are collected."""
        context: BrowserContext = self.browser.new_context(**{**look, **more})
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda line: self.faults.append(f"console: {line.text}") if line.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(f"page: {error}"))
        page.goto(f"{self.address}/sign-in/")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    def stranger(self, look: dict[str, Any]) -> Page:
        """A window of somebody without account."""
        context = self.browser.new_context(**look)
        context.set_default_timeout(20_000)
        return context.new_page()

    def step(self, name: str, do: Callable[[], None], page: Page | None = None) -> None:
        """One step of the story: do it, count it, picture it."""
        self.number += 1
        try:
            do()
        except Exception as problem:  # noqa: BLE001  # the tour goes on and tells all that failed
            self.failed += 1
            print(f"  ✕ {self.number:02d} {name}: {str(problem).splitlines()[0][:300]}", flush=True)
        else:
            self.passed += 1
            print(f"  ✓ {self.number:02d} {name}", flush=True)
        if page is not None:
            page.wait_for_load_state("networkidle")
            target = OUT / f"{self.number:02d}-{name}.png"
            try:
                page.screenshot(path=target)
            except Error:  # the compositor was not there yet; once more, then it is a fault
                page.bring_to_front()
                page.screenshot(path=target)

    def chapter(self, name: str, do: Callable[[], None]) -> None:
        """Several steps; what breaks between them counts as one that failed, and the next chapter begins."""
        try:
            do()
        except Exception as problem:  # noqa: BLE001  # as in `step`
            self.failed += 1
            print(f"  ✕ {name}: {str(problem).splitlines()[0][:300]}", flush=True)


def picture(text: str, colour: tuple[int, int, int]) -> FilePayload:
    """A camera's file: a real JPEG that says what it shows."""
    image = Image.new("RGB", (1600, 1200), colour)
    draw = ImageDraw.Draw(image)
    for radius in range(80, 520, 44):
        draw.ellipse((800 - radius, 600 - radius, 800 + radius, 600 + radius), outline=(235, 235, 225), width=9)
    draw.text((60, 60), text, fill=(255, 255, 255), font_size=64)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=85)
    return {"name": f"{text}.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def draw_signature(page: Page, box: int) -> None:
    """Strokes with a finger: real touch events on the box-th signature field."""
    canvas = page.locator("[data-signature] canvas").nth(box)
    canvas.scroll_into_view_if_needed()
    place = canvas.bounding_box()
    assert place is not None
    line = page.context.new_cdp_session(page)
    for stroke in (
        [(0.1, 0.7), (0.2, 0.3), (0.3, 0.7), (0.42, 0.4)],
        [(0.5, 0.3), (0.5, 0.75)],
        [(0.6, 0.5), (0.75, 0.4), (0.9, 0.6)],
    ):
        points = [(place["x"] + place["width"] * x, place["y"] + place["height"] * y) for x, y in stroke]
        line.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": points[0][0], "y": points[0][1]}]}
        )
        for x, y in points[1:]:
            line.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
        line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
