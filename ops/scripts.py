"""Write static/generated/portal.js and field.js: the modules of static/js/ in two files, with short names, without comments and blanks.

portal.js is what every page starts with, field.js what forms, photos and signatures need; with DEBUG the pages load the modules
themselves (core/templatetags/ui.py). Each module keeps a scope of its own. Why two files by our own hand: docs/decisions/0008.
"""

import re
from pathlib import Path

import minify

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "static" / "js"
TARGETS = ROOT / "static" / "generated"
#: the modules of each file, after those they import
PORTAL = ("page", "clock", "store", "queue", "table", "kept", "app")
FIELD = (
    "combobox",
    "position",
    "photo",
    "draft",
    "handin",
    "offline",
    "slip",
    "sign",
    "intake",
    "districts",
    "count",
    "worker",
)

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./(\w+)\.js";.*$', re.M)
_EXPORT = re.compile(r"^export (const|(?:async )?function) (\w+)", re.M)
_LATER = re.compile(r'import\("\./(\w+)\.js"\)')


def module(name: str, known: set[str]) -> str:
    """One module as a constant of its name that holds what it exports. known: names of modules that stand before it.

    Errors: ValueError for an import of a module that does not stand before it, or of none of ours.
    """
    text = (SOURCES / f"{name}.js").read_text(encoding="utf-8")

    def bound(found: re.Match[str]) -> str:
        names, other = found.groups()
        if other not in known:
            raise ValueError(f"{name}.js imports {other}.js, which does not stand before it in ops/scripts.py")
        return f"const {{ {names.replace(' as ', ': ')} }} = {other}_;" if names else ""

    def later(found: re.Match[str]) -> str:
        other = found[1]
        return f"Promise.resolve({other}_)" if other in known else f"field().then((all) => all.{other}_)"

    exported = [name for _kind, name in _EXPORT.findall(text)]
    body = _LATER.sub(later, _EXPORT.sub(r"\1 \2", _IMPORT.sub(bound, text)))
    if re.search(r"^(import|export)\b", body, re.M):
        raise ValueError(f"{name}.js has an import or export of another kind than ops/scripts.py knows")
    return f"const {name}_ = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();\n"


def bundles() -> dict[str, str]:
    """The texts of both files by their names."""
    known: set[str] = set()
    parts = {}
    for name in PORTAL + FIELD:
        parts[name] = module(name, known)
        known.add(name)
    shared = ", ".join(f"{name}_" for name in PORTAL if name != "app")
    bring = f'import("./field.js").then((file) => file.modules({{ {shared} }}))'
    field = f"let brought; const field = () => (brought ??= {bring});\n"
    made = ", ".join(f"{name}_" for name in FIELD)
    return {
        "portal.js": _small(field + "".join(parts[name] for name in PORTAL)),
        "field.js": _small(
            f"export function modules({{ {shared} }}) {{\n{''.join(parts[name] for name in FIELD)}return {{ {made} }};\n}}\n"
        ),
    }


def _small(text: str) -> str:
    return str(minify.string("text/javascript", text)) + "\n"


if __name__ == "__main__":
    TARGETS.mkdir(parents=True, exist_ok=True)
    for target, text in bundles().items():
        (TARGETS / target).write_text(text, encoding="utf-8")
