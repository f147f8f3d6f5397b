"""Signatures as the makers' own examples have them."""

import base64
import hashlib
import hmac

from notices.calculations import signing


def test_dingtalk_signs_the_moment_and_the_secret_under_the_secret():
    key, message = b"SECtest", b"1577262236757\nSECtest"
    expected = base64.b64encode(hmac.new(key, message, digestmod=hashlib.sha256).digest()).decode()
    assert signing.dingtalk("SECtest", "1577262236757") == expected
    assert signing.dingtalk("SECother", "1577262236757") != expected


def test_feishu_signs_nothing_under_the_moment_and_the_secret():
    expected = base64.b64encode(hmac.new(b"1599360473\ntest", b"", digestmod=hashlib.sha256).digest()).decode()
    assert signing.feishu("test", "1599360473") == expected


def test_a_code_has_six_digits_and_changes_with_every_fact():
    codes = {signing.code(*facts) for facts in (("k", "a"), ("k", "b"), ("j", "a"), ("k", "a", "b"), ("k", "ab"))}
    assert len(codes) == 5
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert signing.code("k", "a") == signing.code("k", "a")
