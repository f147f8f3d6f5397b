"""Write static/generated/site.css: the style sheets of static/css/ as one, without comments and needless blanks.

One request instead of six (ui.md 6, check 12). With DEBUG the pages link the files themselves (core/templatetags/ui.py).
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHEETS = ("tokens", "base", "layout", "components", "tickets", "print")
TARGET = ROOT / "static" / "generated" / "site.css"


def squeeze(css: str) -> str:
    """The same rules in fewer bytes; a blank before a colon stays, since it is a descendant in selectors."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    css = re.sub(r": ", ":", css)
    css = re.sub(r"#([0-9A-F])\1([0-9A-F])\2([0-9A-F])\3\b", r"#\1\2\3", css)
    css = re.sub(r" ([+~]) (?=[^;{}]*\{)", r"\1", css)  # in selectors only, calc() needs its blanks
    css = css.replace(" > ", ">").replace(" !important", "!important")
    css = re.sub(r'="([A-Za-z][\w-]*)"\]', r"=\1]", css)
    return css.replace(";}", "}").strip()


def site_css() -> str:
    """All sheets in the order of their layers."""
    return squeeze("\n".join((ROOT / "static" / "css" / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS))


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(site_css() + "\n", encoding="utf-8")
