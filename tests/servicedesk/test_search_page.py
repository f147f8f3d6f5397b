"""The search box: who has nothing of his own to search for gets an empty page, not a fault."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("more", ["", "&as=options"])
def test_the_platform_finds_nothing(people, sign_in, more):
    response = sign_in(people.platform).get(f"/search/?q=客户{more}")
    assert response.status_code == 200
    assert "/customers/" not in response.content.decode()
