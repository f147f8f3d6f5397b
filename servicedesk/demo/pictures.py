"""Photos for the sample data, drawn: nameplates that can be read, faulty parts and new ones, gates, boxes of parts.

Small JPEGs as a phone would send them; stamping and re-encoding is the product's own work.
"""

import io
import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

from tickets.enums import PhotoSlot

WIDTH, HEIGHT = 1024, 768
SENT = (800, 600)  # what the phone sends; smaller than it is drawn, so that edges are smooth
CENTRE = (WIDTH // 2, HEIGHT // 2)
FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "NotoSerifCJK-Regular.ttc", "DejaVuSans.ttf")

Colour = tuple[int, int, int]
STEEL, DARK, COPPER, SOOT, RUST = (176, 180, 184), (52, 56, 60), (184, 115, 51), (28, 24, 22), (150, 76, 40)
OIL, WATER, SIGNAL_RED, SIGNAL_GREEN = (92, 70, 20), (120, 160, 190), (210, 40, 40), (40, 160, 80)


@dataclass(frozen=True)
class Subject:
    """What a photo shows: the machine's plate, the part that failed, the place."""

    maker: str
    product_type: str
    model: str
    serial_number: str
    made: str
    fault_part: str
    words: str
    place: str


def draw(slot: PhotoSlot, subject: Subject, random: Random) -> bytes:
    """Draw one photo as JPEG; the same subject and random numbers give the same bytes."""
    canvas = _background(random, (96, 100, 104) if slot is PhotoSlot.GATE else (126, 122, 112))
    pen = ImageDraw.Draw(canvas)
    if slot is PhotoSlot.NAMEPLATE:
        _nameplate(pen, subject)
    elif slot is PhotoSlot.GATE:
        _gate(pen, subject)
    elif slot is PhotoSlot.PART:
        _box(pen, subject)
    else:
        painter = _PAINTERS.get(subject.fault_part, _terminal_box)
        painter(pen, slot is PhotoSlot.AFTER, random, subject)
    tilt = random.uniform(-2.5, 2.5)
    photo = canvas.resize(SENT, Image.Resampling.BILINEAR).rotate(
        tilt, Image.Resampling.BILINEAR, fillcolor=(90, 88, 82)
    )
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=78)
    return out.getvalue()


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _background(random: Random, colour: Colour) -> Image.Image:
    """Paint a dull workshop wall: light from one side, some dirt."""
    left, right = random.uniform(0.75, 1.0), random.uniform(0.95, 1.2)
    strip = Image.new("RGB", (2, 1))
    strip.putpixel((0, 0), _shade(colour, left))
    strip.putpixel((1, 0), _shade(colour, right))
    canvas = strip.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    pen = ImageDraw.Draw(canvas)
    for _ in range(60):
        x, y, size = random.randrange(WIDTH), random.randrange(HEIGHT), random.randint(1, 7)
        pen.ellipse((x, y, x + size, y + size), fill=_shade(colour, random.uniform(0.6, 0.95)))
    return canvas


def _shade(colour: Colour, by: float) -> Colour:
    return (min(255, int(colour[0] * by)), min(255, int(colour[1] * by)), min(255, int(colour[2] * by)))


def _circle(pen: ImageDraw.ImageDraw, radius: float, fill: Colour, at: tuple[float, float] = CENTRE) -> None:
    x, y = at
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill, outline=_shade(fill, 0.7), width=2)


def _around(radius: float, turn: float, at: tuple[float, float] = CENTRE) -> tuple[float, float]:
    """Name the point at a fraction of a full turn on a circle."""
    return at[0] + radius * math.cos(2 * math.pi * turn), at[1] + radius * math.sin(2 * math.pi * turn)


def _nameplate(pen: ImageDraw.ImageDraw, subject: Subject) -> None:
    pen.rounded_rectangle((150, 140, 874, 628), 18, fill=(206, 208, 204), outline=(90, 92, 90), width=5)
    for corner in ((180, 170), (844, 170), (180, 598), (844, 598)):
        _circle(pen, 10, (120, 122, 120), corner)
    pen.text((512, 190), subject.maker.removesuffix("(示例)"), font=_font(38), fill=(30, 40, 70), anchor="ma")
    pen.line((190, 250, 834, 250), fill=(60, 70, 90), width=3)
    rows = (
        ("产品", subject.product_type),
        ("型号", subject.model),
        ("编号", subject.serial_number or "—"),
        ("出厂", subject.made or "—"),
    )
    for at, (head, value) in enumerate(rows):
        y = 275 + at * 76
        pen.text((210, y), head, font=_font(34), fill=(70, 74, 80))
        pen.text((330, y - 4), value, font=_font(42), fill=(20, 22, 26))
        pen.line((190, y + 60, 834, y + 60), fill=(150, 154, 156), width=2)
    pen.text((512, 585), "示例", font=_font(22), fill=(120, 124, 128), anchor="ma")


def _gate(pen: ImageDraw.ImageDraw, subject: Subject) -> None:
    pen.rectangle((0, 0, WIDTH, 300), fill=(158, 184, 206))
    pen.rectangle((0, 560, WIDTH, HEIGHT), fill=(112, 110, 106))
    for x in (110, 820):
        pen.rectangle((x, 210, x + 96, 600), fill=(172, 152, 128), outline=(110, 96, 80), width=4)
    pen.rectangle((206, 230, 820, 300), fill=(150, 30, 34))
    pen.text((513, 264), subject.place[:18], font=_font(38), fill=(250, 236, 190), anchor="mm")
    for x in range(220, 815, 34):
        pen.line((x, 330, x, 600), fill=(70, 74, 78), width=7)


def _box(pen: ImageDraw.ImageDraw, subject: Subject) -> None:
    pen.polygon(((220, 230), (804, 230), (860, 620), (164, 620)), fill=(188, 150, 100), outline=(120, 90, 56))
    pen.rectangle((330, 320, 700, 520), fill=(240, 238, 228))
    pen.text((515, 350), subject.maker.removesuffix("(示例)"), font=_font(24), fill=(30, 40, 70), anchor="ma")
    pen.text((515, 392), "原厂配件", font=_font(34), fill=(150, 30, 34), anchor="ma")
    pen.text((515, 452), subject.words[:24], font=_font(30), fill=(20, 22, 26), anchor="ma")


def _bearing(pen: ImageDraw.ImageDraw, is_new: bool, random: Random, subject: Subject) -> None:
    metal = (206, 210, 214) if is_new else (150, 142, 128)
    for radius, colour in ((300, metal), (250, _shade(metal, 0.55)), (165, metal), (112, DARK)):
        _circle(pen, radius, colour)
    for ball in range(8):
        _circle(pen, 38, _shade(metal, 1.1), _around(207, ball / 8))
    if not is_new:
        for _ in range(26):
            x, y = _around(random.uniform(118, 160), random.uniform(0.05, 0.35))
            size = random.uniform(5, 16)
            pen.ellipse((x - size, y - size / 2, x + size, y + size / 2), fill=random.choice((SOOT, RUST, OIL)))


def _winding(pen: ImageDraw.ImageDraw, is_new: bool, random: Random, subject: Subject) -> None:
    _circle(pen, 330, STEEL)
    _circle(pen, 180, DARK)
    for coil in range(24):
        is_burnt = not is_new and coil % 6 in (0, 1)
        colour = SOOT if is_burnt else _shade(COPPER, random.uniform(0.85, 1.1))
        pen.line((*_around(196, coil / 24), *_around(300, coil / 24 + 0.02)), fill=colour, width=34)


def _seal(pen: ImageDraw.ImageDraw, is_new: bool, random: Random, subject: Subject) -> None:
    _circle(pen, 290, (96, 98, 100))
    _circle(pen, 220, (60, 60, 62) if is_new else (82, 74, 66))
    _circle(pen, 120, (188, 190, 192))
    if is_new:
        _circle(pen, 180, (66, 66, 70))
        _circle(pen, 120, (188, 190, 192))
        return
    for _ in range(9):
        turn = random.random()
        pen.line(
            (*_around(122, turn), *_around(218, turn + random.uniform(-0.03, 0.03))), fill=(206, 200, 186), width=3
        )
    for drop in range(5):
        _circle(pen, 14 + drop * 3, WATER, (640 + drop * 26, 560 + drop * 28))


def _impeller(pen: ImageDraw.ImageDraw, is_new: bool, random: Random, subject: Subject) -> None:
    metal = (170, 164, 150) if is_new else (140, 120, 100)
    _circle(pen, 310, metal)
    for blade in range(6):
        points = [_around(80 + step * 27, blade / 6 + step * 0.018) for step in range(9)]
        pen.line([coordinate for point in points for coordinate in point], fill=_shade(metal, 0.55), width=20)
    _circle(pen, 76, DARK)
    if not is_new:
        for _ in range(120):
            at = _around(random.uniform(90, 300), random.random())
            _circle(pen, random.uniform(2, 8), _shade(metal, 0.4), at)


def _gear(pen: ImageDraw.ImageDraw, is_new: bool, random: Random, subject: Subject) -> None:
    metal = (196, 200, 204) if is_new else (156, 146, 120)
    for tooth in range(28):
        pen.line((*_around(270, tooth / 28), *_around(326, tooth / 28)), fill=metal, width=36)
    for radius, colour in ((286, metal), (150, _shade(metal, 0.8)), (82, DARK)):
        _circle(pen, radius, colour)
    if not is_new:
        for tooth in random.sample(range(28), 6):
            _circle(pen, random.uniform(9, 17), SOOT, _around(306, tooth / 28))


def _cooler(pen: ImageDraw.ImageDraw, is_new: bool, random: Random, subject: Subject) -> None:
    pen.rectangle((170, 130, 854, 640), fill=(120, 124, 128), outline=DARK, width=8)
    for x in range(186, 846, 13):
        pen.line((x, 146, x, 624), fill=(190, 194, 198), width=5)
    if not is_new:
        for _ in range(240):
            x, y, size = random.randrange(180, 840), random.randrange(140, 620), random.randint(6, 30)
            pen.ellipse(
                (x, y, x + size, y + size * 0.7), fill=random.choice(((96, 88, 74), (110, 100, 84), (80, 74, 64)))
            )


def _panel(pen: ImageDraw.ImageDraw, is_new: bool, random: Random, subject: Subject) -> None:
    pen.rounded_rectangle((180, 120, 844, 648), 26, fill=(66, 70, 76), outline=(30, 32, 36), width=6)
    pen.rectangle((240, 180, 784, 430), fill=(16, 40, 52))
    line = "0.72 MPa  82℃" if is_new else subject.words
    pen.text((512, 250), line[:14], font=_font(56), fill=(120, 230, 190) if is_new else (250, 190, 80), anchor="mm")
    pen.text((512, 350), "运行中" if is_new else "报警停机", font=_font(48), fill=(160, 230, 250), anchor="mm")
    _circle(pen, 44, SIGNAL_GREEN if is_new else _shade(SIGNAL_GREEN, 0.4), (380, 540))
    _circle(pen, 44, _shade(SIGNAL_RED, 0.4) if is_new else SIGNAL_RED, (644, 540))


def _terminal_box(pen: ImageDraw.ImageDraw, is_new: bool, random: Random, subject: Subject) -> None:
    pen.rounded_rectangle((200, 120, 824, 650), 20, fill=(92, 106, 118), outline=DARK, width=8)
    pen.rectangle((260, 180, 764, 590), fill=(48, 50, 54))
    for at, colour in enumerate(((220, 180, 40), (60, 140, 70), (190, 50, 50)) * 2):
        x, y = 350 + at % 3 * 162, 290 + at // 3 * 180
        pen.line((x, y, x + random.randint(-30, 30), 180 if at < 3 else 590), fill=colour, width=18)
        _circle(pen, 34, COPPER, (x, y))
        _circle(pen, 16, (150, 120, 80), (x, y))
    if not is_new:
        for _ in range(30):
            _circle(
                pen,
                random.uniform(5, 17),
                random.choice((WATER, RUST, SOOT)),
                (random.randrange(270, 750), random.randrange(430, 585)),
            )


_PAINTERS = {
    "轴承": _bearing, "转子": _winding, "绕组": _winding, "机封": _seal, "油封": _seal, "叶轮": _impeller, "泵体": _impeller,
    "风扇": _impeller, "齿轮": _gear, "蜗轮副": _gear, "联轴器": _gear, "散热器": _cooler, "主机(机头)": _panel, "油分": _panel,
    "温控阀": _panel, "最小压力阀": _panel, "控制器": _panel,
}  # fmt: skip
