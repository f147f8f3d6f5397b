from dataclasses import dataclass, field


@dataclass
class Found:
    probes: int = 0
    leaks: list = field(default_factory=list)


def run(template, world, stride=1):
    return Found()
