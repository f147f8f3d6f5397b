import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from core.errors import Refused
from core.images import MAX_BYTES, MAX_JPEG, dhash, distance, encode, stamped

LINES = ["2026-06-11 11:42:10  永州市冷水滩区 26.46110,111.59220", "BX-CS01-202606-0012  陈志强  铭牌·现场拍摄"]


def scene(width: int = 800, height: int = 600) -> Image.Image:
    """A picture with something to see: a dark pump on a light floor."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((width * 0.2, height * 0.3, width * 0.5, height * 0.8), fill=(30, 60, 120))
    pen.rectangle((width * 0.55, height * 0.4, width * 0.9, height * 0.6), fill=(180, 40, 30))
    return picture


def file_of(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        encode(content)
    return caught.value.code


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size, with hardly any data behind it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_jpeg_png_and_webp_become_our_own_jpeg(kind: str) -> None:
    photo = encode(file_of(scene(2400, 1800), kind))
    kept = opened(photo.jpeg)
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (1600, 1200))
    assert (photo.width, photo.height) == (1600, 1200)
    assert opened(photo.thumbnail).size == (320, 240)


def test_the_double_picture_of_a_phone_with_two_lenses_is_taken() -> None:
    double = file_of(scene(1000, 800), "MPO", save_all=True, append_images=[scene(500, 400)])
    assert opened(encode(double).jpeg).size == (1000, 800)


def test_a_small_picture_is_not_blown_up() -> None:
    assert opened(encode(file_of(scene(640, 480))).jpeg).size == (640, 480)


def test_a_picture_lying_on_its_side_is_turned_and_nothing_of_its_exif_is_kept() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "PHONEMAKER"
    exif.get_ifd(0x8825)[2] = (26.0, 27.0, 39.0)  # a position
    photo = encode(file_of(scene(800, 600), exif=exif, comment=b"SECRET"))
    kept = opened(photo.jpeg)
    assert kept.size == (600, 800)
    assert dict(kept.getexif()) == {}
    assert b"PHONEMAKER" not in photo.jpeg
    assert b"SECRET" not in photo.jpeg


def test_the_noisiest_photo_is_at_most_400_kb() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((2000, 1500), 120) for _ in range(3)])
    photo = encode(file_of(noise, quality=95), stamp=LINES)
    assert len(photo.jpeg) <= MAX_JPEG
    assert opened(photo.jpeg).size == (photo.width, photo.height)


@pytest.mark.parametrize("size", [(10_000, 6_000), (20_000, 20_000), (60_000, 60_000)])
def test_too_many_pixels_are_refused_by_the_header(size: tuple[int, int]) -> None:
    assert refusal(png_header(*size)) == "image_too_many_pixels"


def test_a_real_picture_of_60_megapixels_is_refused() -> None:
    assert refusal(file_of(Image.new("L", (10_000, 6_000)), "PNG")) == "image_too_many_pixels"


def test_over_20_mb_is_refused() -> None:
    assert refusal(file_of(scene()) + b"\0" * MAX_BYTES) == "image_too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"\xff\xd8\xff\xe0 not really",
        png_header(300, 300),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    assert refusal(content) == "not_an_image"


def test_a_photo_cut_off_in_the_middle_is_refused() -> None:
    content = file_of(scene(1200, 900), quality=90)
    assert refusal(content[: len(content) // 2]) == "not_an_image"


@pytest.mark.parametrize("content", [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"GIF89a" + b"\0" * 20, b"BM" + b"\0" * 60])
def test_other_kinds_of_pictures_are_named_as_such(content: bytes) -> None:
    assert refusal(content) == "image_unsupported"


def test_what_is_transparent_becomes_white() -> None:
    photo = encode(file_of(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert opened(photo.jpeg).getpixel((25, 25)) == (255, 255, 255)


def test_the_stamp_is_a_readable_strip_at_the_lower_edge() -> None:
    white = Image.new("RGB", (1600, 1200), "white")
    marked = stamped(white, LINES)
    assert marked.crop((0, 0, 1600, 1000)).getcolors() == [(1600 * 1000, (255, 255, 255))]
    strip = marked.crop((0, 1090, 1600, 1200)).convert("L")
    low, high = strip.getextrema()
    assert low < 100  # dark ground
    assert high == 255  # white letters
    assert sum(strip.histogram()[240:]) > 2_000


@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600), (320, 240), (60, 40), (1, 1)])
def test_a_long_stamp_wraps_and_never_hides_the_picture(size: tuple[int, int]) -> None:
    marked = stamped(Image.new("RGB", size, "white"), [line * 2 for line in LINES])
    assert marked.size == size
    if size[1] >= 240:
        assert marked.crop((0, 0, size[0], size[1] // 2)).getcolors() == [(size[0] * (size[1] // 2), (255, 255, 255))]


def test_the_same_motif_is_found_again_and_another_is_not() -> None:
    original = encode(file_of(scene()), stamp=LINES)
    again = encode(file_of(scene().resize((500, 375)), quality=40), stamp=["another stamp"])
    other = encode(file_of(scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert distance(original.look, again.look) <= 6
    assert distance(original.look, other.look) > 12
    assert original.sha256 != again.sha256
    assert len(dhash(scene())) == 16
