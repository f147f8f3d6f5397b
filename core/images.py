"""Photos that people send: checked, turned upright, made small, stamped; nothing of the sent file is kept (reliability.md 6).

The result is always a JPEG of our own making without EXIF, so neither a position hidden in a photo nor anything else that a file
can carry reaches the disk.
"""

import hashlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from core.errors import Refused, sentence
from core.fonts import noto_file

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000  # judged by the header, before anything is decoded
MAX_SIDE = 1600  # domain.md 18.2
MAX_JPEG = 400_000  # domain.md 18.2
THUMBNAIL_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP")  # JPEG includes MPO, the double picture of phones with two lenses
QUALITIES = (86, 80, 72, 64, 56, 48)
STRIP_SHARE = 0.4  # the watermark never hides more of the picture
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, MemoryError)

sentence("not_an_image", _("This file is not a picture. Take a photo or choose a JPEG, PNG or WebP picture."))
sentence(
    "image_unsupported",
    _(
        "This kind of picture cannot be read here. Send it as JPEG (iPhone: Settings, Camera, Formats, Most Compatible)."
    ),
)
sentence("image_too_large", _("The picture is larger than %(limit)s MB. Choose a smaller one."))
sentence("image_too_many_pixels", _("The picture has more than %(limit)s megapixels. Choose a smaller one."))


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo ready to be kept.

    jpeg: at most 1600 px and 400 KB, stamped when lines were given. thumbnail: JPEG, 320 px. width, height: of `jpeg`.
    sha256: of the file as sent. look: perceptual hash of the picture without stamp, 16 hex digits.
    """

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str
    look: str


def encode(content: bytes, *, stamp: Sequence[str] = ()) -> Photo:
    """Check an upload and make the photo that is kept.

    stamp: the watermark of domain.md 18.3 (时间, 地点, 工单号, 技师, 类型), one line each; none for a picture without stamp.
    Errors: Refused "image_too_large" over 20 MB, "image_too_many_pixels" over 40 megapixels, "image_unsupported" (HEIC, GIF …),
    "not_an_image" for everything that cannot be decoded.
    """
    picture = decode(content)
    look = dhash(picture)
    kept = stamped(picture, stamp) if stamp else picture
    jpeg = _small_jpeg(kept)
    with Image.open(io.BytesIO(jpeg)) as final:
        width, height = final.size
    return Photo(jpeg, thumbnail(kept), width, height, hashlib.sha256(content).hexdigest(), look)


def decode(content: bytes) -> Image.Image:
    """The picture in an upload: RGB, upright, at most 1600 px a side, without metadata. Errors: as `encode`."""
    if len(content) > MAX_BYTES:
        raise Refused("image_too_large", field="photo", limit=MAX_BYTES // 1_000_000)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower and comes next
            source = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise Refused("image_unsupported" if _other_picture(content) else "not_an_image", field="photo") from None
    except _BROKEN:
        raise Refused("not_an_image", field="photo") from None
    with source:
        if source.width * source.height > MAX_PIXELS:
            raise _too_many_pixels()
        try:
            source.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is decoded at a fraction of its size right away
            upright = ImageOps.exif_transpose(source)
            picture = _on_white(upright)
            picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
        except Image.DecompressionBombError:
            raise _too_many_pixels() from None
        except _BROKEN:
            raise Refused("not_an_image", field="photo") from None
    picture.info.clear()
    return picture


def stamped(picture: Image.Image, lines: Sequence[str]) -> Image.Image:
    """The picture with the lines in a dark strip at its lower edge; long lines wrap, the strip takes at most 40 % of the height."""
    width, height = picture.size
    size = max(11, round(max(width, height) / 44))
    wrapped = _wrapped(lines, size, width)
    while size > 6 and _strip_height(wrapped, size) > height * STRIP_SHARE:
        size -= 1
        wrapped = _wrapped(lines, size, width)
    strip = min(_strip_height(wrapped, size), height)
    shade = Image.new("RGBA", (width, strip), (0, 0, 0, 168))
    pen = ImageDraw.Draw(shade)
    for place, line in enumerate(wrapped):
        pen.text(
            (size * 0.6, size * 0.4 + place * _line_height(size)), line, font=_font(size), fill=(255, 255, 255, 255)
        )
    below = picture.convert("RGBA")
    below.alpha_composite(shade, (0, height - strip))
    return below.convert("RGB")


def thumbnail(picture: Image.Image) -> bytes:
    """The picture as JPEG of at most 320 px a side."""
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return _jpeg(small, 78)


def dhash(picture: Image.Image) -> str:
    """Difference hash of 64 bits as 16 hex digits: whether each of 8 × 8 spots is brighter than its right neighbour.

    Pictures that look alike have hashes that differ in few bits (`distance`), whatever their size and compression.
    """
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grey[row * 9 + column] > grey[row * 9 + column + 1])
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """Number of bits in which two hashes differ; up to 6 of 64 are the same motif."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _too_many_pixels() -> Refused:
    return Refused("image_too_many_pixels", field="photo", limit=MAX_PIXELS // 1_000_000)


def _other_picture(content: bytes) -> bool:
    """A picture of a kind that is not taken: HEIC and AVIF of phones, GIF, BMP, TIFF."""
    if content[4:8] == b"ftyp":
        return content[8:12] in {
            b"heic",
            b"heix",
            b"heim",
            b"heis",
            b"hevc",
            b"hevx",
            b"mif1",
            b"msf1",
            b"avif",
            b"avis",
        }
    return content.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*"))


def _on_white(picture: Image.Image) -> Image.Image:
    """RGB; what is transparent becomes white."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        white.alpha_composite(layer)
        return white.convert("RGB")
    return picture.convert("RGB")


def _small_jpeg(picture: Image.Image) -> bytes:
    while True:
        for quality in QUALITIES:
            jpeg = _jpeg(picture, quality)
            if len(jpeg) <= MAX_JPEG:
                return jpeg
        # Noise that no quality makes small: fewer pixels do.
        picture = picture.resize(
            (max(1, picture.width * 4 // 5), max(1, picture.height * 4 // 5)), Image.Resampling.LANCZOS
        )


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _line_height(size: int) -> int:
    return round(size * 1.4)


def _strip_height(lines: Sequence[str], size: int) -> int:
    return round(size * 0.8) + _line_height(size) * len(lines)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    path, face = noto_file()
    return ImageFont.truetype(str(path), size, index=face)


def _wrapped(lines: Sequence[str], size: int, width: int) -> list[str]:
    room = width - size * 1.2
    wrapped = []
    for line in lines:
        rest = line.strip()
        while rest:
            end = len(rest)
            while end > 1 and _font(size).getlength(rest[:end]) > room:
                end -= 1
            wrapped.append(rest[:end])
            rest = rest[end:].lstrip()
    return wrapped
