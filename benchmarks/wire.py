"""Rows `wire_*` and `slow_*`: bytes and requests of a first visit, and what a slow phone sees (ui.md 6, checks 12 and 13)."""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks import samples
from benchmarks.http import Row, row, server
from benchmarks.places import MAIN, Place

#: Chromium's words for CPU 4 times slower, 1.6 Mbit/s, 150 ms
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.seen.lcp = entry.startTime; }).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.cls += entry.value; }).observe({type: "layout-shift", buffered: true});
"""


def measure() -> Iterator[Row]:
    """The technician's slip on a phone and the list of 50 on a desk."""
    place = Place(MAIN)
    found = samples.of(place)
    technician, dealer = found["technician"], found["dealer"]
    with server(place) as port, sync_playwright() as driver:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
        home = f"http://127.0.0.1:{port}"
        slip = (f"{home}/slips/{technician['slip']}/", technician, PHONE, "form#slip")
        listing = (f"{home}/tickets/?state=all", dealer, DESK, "#list tbody tr:nth-of-type(50)")
        for name, page, most, seconds in (("slip", slip, 40.0, 1.8), ("list", listing, 60.0, 2.0)):
            visit(browser, *page)  # the server is warm
            bytes_, requests, _, _ = visit(browser, *page)
            yield row(f"wire_{name}", bytes_ / 1000, "KB on the wire, first visit", most)
            yield row(f"wire_{name}_requests", requests, "requests", 10)
            slow = [visit(browser, *page, slow=True) for _ in range(3)]
            yield row(
                f"slow_{name}",
                statistics.median(one[2] for one in slow) / 1000,
                "s to the largest paint, slow phone",
                seconds,
            )
            yield row(f"slow_{name}_shift", max(one[3] for one in slow), "layout shift", 0.02)
        browser.close()


def visit(
    browser: Browser, address: str, who: dict[str, Any], look: dict[str, Any], must: str, *, slow: bool = False
) -> tuple[int, int, float, float]:
    """A first visit with an empty cache: bytes, requests, largest paint in ms, layout shift. `must` has to be on the page."""
    context = browser.new_context(**look, locale="zh-CN", service_workers="block")
    context.add_cookies([{"name": who["cookie"], "value": who["session"], "url": address}])
    context.add_init_script(WATCH)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    sizes: list[int] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    if slow:
        line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        line.send("Network.emulateNetworkConditions", SLOW)
    page.goto(address, wait_until="networkidle")
    page.wait_for_selector(must, state="attached")
    seen = page.evaluate("() => window.seen")
    context.close()
    return sum(sizes), len(sizes), float(seen["lcp"]), round(float(seen["cls"]), 3)
