"""Counters in Redis, and whose address counts."""

from django.test import RequestFactory, override_settings

from core import limits


def test_a_count_is_kept_per_name_and_key(db):
    for _ in range(2):
        limits.count("door", "a", seconds=60)
    assert limits.too_many("door", "a", limit=2) and not limits.too_many("door", "a", limit=3)
    assert not limits.too_many("door", "b", limit=1) and not limits.too_many("gate", "a", limit=1)


def test_what_a_stranger_writes_into_the_header_counts_only_behind_our_proxies():
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2", REMOTE_ADDR="3.3.3.3")
    assert limits.client_address(request) == "3.3.3.3"
    with override_settings(PROXIES=1):
        assert limits.client_address(request) == "2.2.2.2"
    with override_settings(PROXIES=3):
        assert limits.client_address(request) == "3.3.3.3"
