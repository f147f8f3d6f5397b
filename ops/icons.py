"""Write static/generated/icons.svg, one sprite of the Lucide icons that ops/icons.txt names (one a line, `#` begins a remark).

Pages show one by `<svg class="icon" aria-hidden="true"><use href="…/icons.svg#wrench"></use></svg>`. Not committed: the icons come
from the package `lucide` (ISC licence) at set-up.
"""

import re
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# on each symbol: a <use> inherits nothing from the sprite's own root
LINES = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
SPRITE = ROOT / "static" / "generated" / "icons.svg"


def icon_names() -> list[str]:
    """The wanted icons in order, each once."""
    lines = (ROOT / "ops" / "icons.txt").read_text().splitlines()
    return sorted({name for line in lines if (name := line.partition("#")[0].strip())})


def main() -> None:
    """Write the sprite; an unknown name ends with one line."""
    spec = find_spec("lucide")
    if spec is None or spec.origin is None:
        sys.exit("error: the package lucide is not installed: run `make setup`")
    archive = next(Path(spec.origin).parent.glob("*.zip"))
    symbols = []
    with zipfile.ZipFile(archive) as icons:
        files = {Path(name).stem: name for name in icons.namelist() if name.endswith(".svg")}
        for name in icon_names():
            if name not in files:
                sys.exit(f"error: ops/icons.txt: lucide has no icon {name}")
            inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", icons.read(files[name]).decode(), flags=re.S)
            inner = re.sub(
                r"<!--.*?-->|>\s+<", lambda m: "><" if m[0].startswith(">") else "", inner.strip(), flags=re.S
            )
            symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24" {LINES}>{inner}</symbol>')
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")


if __name__ == "__main__":
    main()
