import subprocess
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

from core.fonts import characters, subset_files

CODE = """
import django
from django.conf import settings
settings.configure(VAR_DIR={folder!r})
from core import fonts
fonts.NOTO_FILES = {{400: "NotoSansCJK-Regular.ttc"}}
fonts.characters = lambda: frozenset(map(ord, "售后服务单"))
print(fonts.subset_files()[400])
"""


def test_the_subset_has_all_of_gb2312_and_is_small() -> None:
    assert len(characters()) > 7_500
    for path in subset_files().values():
        with TTFont(path) as font:
            assert {ord(letter) for letter in "啊齄售后服务单□✓①℃Ω×"} <= set(font.getBestCmap())
        assert path.stat().st_size < 2_000_000


def test_two_processes_make_the_fonts_at_once_and_both_get_them(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CODE.format(folder=str(tmp_path))]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = {process.communicate(timeout=60)[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    (answer,) = answers
    assert sorted(entry.name for entry in Path(answer).parent.iterdir()) == [".lock", "paper-400.otf"]
