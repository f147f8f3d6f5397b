"""The two files of scripts: all modules are in them, each with its own scope, and nothing is imported that is not there."""

import re

import pytest

from ops import scripts


def test_every_module_is_in_one_of_the_two_files():
    names = sorted(path.stem for path in scripts.SOURCES.glob("*.js"))
    assert sorted(scripts.PORTAL + scripts.FIELD) == names


def test_the_files_name_no_module_any_more():
    for name, text in scripts.bundles().items():
        assert set(re.findall(r'"\./\w+\.js"', text)) == ({'"./field.js"'} if name == "portal.js" else set())


def test_the_files_are_those_of_the_modules():
    for name, text in scripts.bundles().items():
        assert (scripts.TARGETS / name).read_text(encoding="utf-8") == text, (
            f"run make icons: {name} is older than static/js"
        )


def test_a_module_before_one_it_needs_is_refused(monkeypatch):
    monkeypatch.setattr(scripts, "PORTAL", ("queue", "page", "table", "kept", "app"))
    with pytest.raises(ValueError, match=r"queue\.js imports page\.js"):
        scripts.bundles()


@pytest.mark.parametrize(
    "line", ['import page from "./page.js";', 'export { start } from "./sign.js";', "export default 1;"]
)
def test_other_kinds_of_import_and_export_are_refused(line, tmp_path, monkeypatch):
    (tmp_path / "odd.js").write_text(line + "\n", encoding="utf-8")
    monkeypatch.setattr(scripts, "SOURCES", tmp_path)
    with pytest.raises(ValueError, match="another kind"):
        scripts.module("odd", {"page"})
