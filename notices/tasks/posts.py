"""SMS through an HTTP gateway, and robots of 企业微信, 钉钉 and 飞书: a JSON post each, by `core.outward`."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings

from core import outward
from notices.calculations import signing
from notices.calculations.messages import Message
from notices.documents import letters
from notices.enums import ChannelKind, Problem
from notices.operations.deliver import Claim, Failure
from notices.queries import channels

JSON = "application/json; charset=utf-8"

_PLACE = re.compile(r"\{(phone|text|id|token)\}")

#: what the makers' codes mean, where somebody can do something about it; they answer 200 with one of these
CODES: dict[ChannelKind, dict[int, Problem]] = {
    ChannelKind.WECOM: {93000: Problem.GONE, 45009: Problem.BUSY, 45033: Problem.BUSY},
    ChannelKind.DINGTALK: {
        300001: Problem.GONE,
        300005: Problem.GONE,
        310000: Problem.KEYWORD,
        130101: Problem.BUSY,
        90030: Problem.BUSY,
        410100: Problem.BUSY,
    },
    ChannelKind.FEISHU: {
        19001: Problem.GONE,
        19021: Problem.SIGNATURE,
        19022: Problem.KEYWORD,
        19024: Problem.KEYWORD,
        9499: Problem.BUSY,
        11232: Problem.BUSY,
    },
}


class SmsLine:
    """The installation's gateway, its connection kept while messages go out."""

    def __init__(self) -> None:
        url = settings.SMS_GATEWAY.url if settings.SMS_GATEWAY else ""
        self.place = f"sms:{urlsplit(url).netloc}"
        self._line = outward.Line()

    def send(self, claim: Claim, message: Message) -> Failure | None:
        """Send a message; None when the gateway has taken it."""
        gateway = settings.SMS_GATEWAY
        if gateway is None:
            return Failure(Problem.NOT_CONFIGURED)
        values = {"phone": message.to, "text": letters.sms(message), "id": message.id, "token": gateway.token}
        answer = _post(
            self._line, gateway.url, _filled(gateway.body, values), message.id, _filled(gateway.headers, values)
        )
        if isinstance(answer, Failure) or gateway.ok is None:
            return answer if isinstance(answer, Failure) else None
        name, value = gateway.ok
        said = _object(answer)
        if said is None:
            return Failure(Problem.NONSENSE)
        return None if str(said.get(name)) == value else Failure(Problem.REFUSED, _detail(said.get(name), said))

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class RobotLine:
    """A robot of a group's chat."""

    def __init__(self, kind: ChannelKind) -> None:
        self.place = f"{kind.value}:{urlsplit(channels.base_of(kind)).netloc}"
        self._line = outward.Line()

    def send(self, claim: Claim, message: Message) -> Failure | None:
        """Send a message; None when the robot has said it."""
        body = letters.robot_body(claim.kind, message)
        url = channels.base_of(claim.kind) + claim.key
        if claim.kind is ChannelKind.DINGTALK and claim.secret:
            stamp = str(int(time.time() * 1_000))
            url += f"&timestamp={stamp}&sign={quote_plus(signing.dingtalk(claim.secret, stamp))}"
        if claim.kind is ChannelKind.FEISHU and claim.secret:
            stamp = str(int(time.time()))
            body |= {"timestamp": stamp, "sign": signing.feishu(claim.secret, stamp)}
        answer = _post(self._line, url, body, message.id, {})
        return answer if isinstance(answer, Failure) else _failure_of(claim.kind, answer)

    def close(self) -> None:
        """Hang up."""
        self._line.close()


def _post(
    line: outward.Line, url: str, body: Any, message_id: str, more: Mapping[str, str]
) -> outward.Answer | Failure:
    """The answer of a success, else what went wrong."""
    headers = {"Content-Type": JSON, "X-Message-ID": message_id, **more}
    try:
        answer = line.post(url, json.dumps(body, ensure_ascii=False).encode(), headers)
    except outward.Unsent as problem:
        return Failure(Problem(problem.fault.value))
    if 200 <= answer.status < 300:
        return answer
    if 300 <= answer.status < 400:
        return Failure(Problem.REDIRECT)
    kind = {401: Problem.SIGN_IN, 403: Problem.SIGN_IN, 429: Problem.BUSY}.get(answer.status, Problem.STATUS)
    return Failure(kind, f"HTTP {answer.status}")


def _failure_of(kind: ChannelKind, answer: outward.Answer) -> Failure | None:
    """What a robot's answer says: all of them answer 200, and a code that is 0 when all went well."""
    said = _object(answer)
    code = (
        None if said is None else next((said[name] for name in ("errcode", "code", "StatusCode") if name in said), None)
    )
    if said is None or not isinstance(code, int):
        return Failure(Problem.NONSENSE)
    if code == 0:
        return None
    return Failure(CODES[kind].get(code, Problem.REFUSED), _detail(code, said))


def _object(answer: outward.Answer) -> dict[str, Any] | None:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _detail(code: Any, said: Mapping[str, Any]) -> str:
    words = next((said[name] for name in ("errmsg", "msg", "message", "Message") if said.get(name)), "")
    return letters.cut(f"{code} {words}", 120)


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """A JSON value with {phone}, {text}, {id} and {token} filled in wherever a text of it names them; what was filled in is no template."""
    if isinstance(template, str):
        return _PLACE.sub(lambda found: values[found[1]], template)
    if isinstance(template, dict):
        return {key: _filled(item, values) for key, item in template.items()}
    if isinstance(template, list):
        return [_filled(item, values) for item in template]
    return template
