"""Invented data never goes into a real database."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize(("command", "arguments"), [("seed_demo", []), ("seed_load", ["--tickets", "10"])])
def test_outside_demo_and_tests_nothing_is_invented(settings, command, arguments):
    settings.DEMO = settings.TESTING = False
    with pytest.raises(CommandError, match="示例数据只能放进演示或测试环境"):
        call_command(command, *arguments)
