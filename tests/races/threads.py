"""Eight threads that do the same thing at the same moment, each with a connection and commits of its own.

SEED=n repeats a run's choices; the scheduler's choices are nobody's to repeat, so a broken round names its seed and number.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from core.errors import Refused

THREADS = 8
SEED = int(os.environ.get("SEED", "1"))


def rounds(normal: int) -> int:
    """How many rounds: `normal`, or ROUNDS_FACTOR times as many in a long run."""
    return max(1, int(normal * float(os.environ.get("ROUNDS_FACTOR", "1"))))


class Pool:
    """Threads that stay for all rounds of a test, so that connections are made once."""

    def __init__(self, count: int = THREADS) -> None:
        self.count = count
        self._start, self._end = threading.Barrier(count + 1), threading.Barrier(count + 1)
        self._deeds: Sequence[Callable[[], Any]] = ()
        self._answers: list[Any] = [None] * count
        self._pauses = [0.0] * count
        self._threads = [threading.Thread(target=self._live, args=(place,), daemon=True) for place in range(count)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._deeds = ()
        self._start.wait()
        for thread in self._threads:
            thread.join(10)

    def race(self, deeds: Sequence[Callable[[], Any]], chance: random.Random) -> list[Any]:
        """Let every thread do its deed at once; answers in order: a value, or the `Refused` that came instead."""
        assert len(deeds) == self.count
        self._deeds = deeds
        self._pauses = [chance.choice((0.0, 0.0, 0.001, 0.003)) for _ in deeds]
        self._start.wait()
        self._end.wait()
        for answer in self._answers:
            if isinstance(answer, BaseException) and not isinstance(answer, Refused):
                raise answer
        return list(self._answers)

    def _live(self, place: int) -> None:
        try:
            while True:
                self._start.wait()
                if not self._deeds:
                    return
                time.sleep(self._pauses[place])
                try:
                    self._answers[place] = self._deeds[place]()
                except BaseException as problem:  # noqa: BLE001  # handed to the test, which raises it
                    self._answers[place] = problem
                self._end.wait()
        finally:
            connection.close()


def codes(answers: Sequence[Any]) -> list[str]:
    """The codes of the refusals among the answers, sorted."""
    return sorted(answer.code for answer in answers if isinstance(answer, Refused))


def won(answers: Sequence[Any]) -> list[Any]:
    """The answers that are no refusals."""
    return [answer for answer in answers if not isinstance(answer, Refused)]
