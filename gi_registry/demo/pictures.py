"""Pictures of the demo's goods, drawn here: nobody's photo, and plainly a drawing."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

# Drawn larger and made smaller, so that edges come out smooth.
WIDTH, HEIGHT, LARGER = 720, 540, 2
_WALL, _WALL_LOW, _TABLE, _SHADOW = (240, 235, 224), (226, 217, 200), (176, 139, 98), (128, 97, 64)
_GLASS, _GLASS_SHINE, _CAP, _PAPER, _RED, _INK = (
    (46, 24, 18),
    (98, 60, 44),
    (150, 32, 28),
    (247, 240, 222),
    (166, 38, 32),
    (74, 56, 44),
)


def bottle() -> bytes:
    """A bottle of dark vinegar and a bowl beside it on a table, as PNG."""
    picture = Image.new("RGB", (WIDTH * LARGER, HEIGHT * LARGER), _WALL)
    _room(picture)
    draw = ImageDraw.Draw(picture)
    _bottle(draw)
    _label(draw)
    _bowl(draw)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _box(*sides: float) -> list[float]:
    return [side * LARGER for side in sides]


def _room(picture: Image.Image) -> None:
    """A wall that darkens downward, a table, and the soft shadows of what will stand on it."""
    draw = ImageDraw.Draw(picture)
    for y in range(400):
        share = y / 400
        shade = tuple(round(a + (b - a) * share) for a, b in zip(_WALL, _WALL_LOW, strict=True))
        draw.rectangle(_box(0, y, WIDTH, y + 1), fill=shade)
    draw.rectangle(_box(0, 400, WIDTH, HEIGHT), fill=_TABLE)
    for y, width in ((428, 2), (470, 2), (516, 3)):
        draw.line(_box(0, y, WIDTH, y + 4), fill=(164, 127, 88), width=width * LARGER)
    shadow = Image.new("L", picture.size)
    dark = ImageDraw.Draw(shadow)
    dark.ellipse(_box(235, 452, 480, 492), fill=150)
    dark.ellipse(_box(470, 456, 640, 492), fill=130)
    picture.paste(_SHADOW, mask=shadow.filter(ImageFilter.GaussianBlur(12 * LARGER)))


def _bottle(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle(_box(333, 40, 387, 84), 6 * LARGER, fill=_CAP)
    draw.rectangle(_box(333, 70, 387, 76), fill=(122, 24, 22))
    draw.rectangle(_box(340, 82, 380, 150), fill=_GLASS)
    draw.pieslice(_box(280, 128, 440, 268), 180, 360, fill=_GLASS)
    draw.rectangle(_box(280, 197, 440, 250), fill=_GLASS)
    draw.rounded_rectangle(_box(280, 190, 440, 476), 16 * LARGER, fill=_GLASS)
    draw.rounded_rectangle(_box(292, 205, 300, 462), 4 * LARGER, fill=_GLASS_SHINE)
    draw.rectangle(_box(346, 88, 350, 146), fill=_GLASS_SHINE)


def _label(draw: ImageDraw.ImageDraw) -> None:
    """Paper with a seal and lines where a label has words: words of none."""
    draw.rectangle(_box(280, 250, 440, 420), fill=_PAPER)
    draw.rectangle(_box(280, 250, 440, 258), fill=_RED)
    draw.rectangle(_box(280, 412, 440, 420), fill=_RED)
    draw.rounded_rectangle(_box(338, 274, 382, 318), 4 * LARGER, fill=_RED)
    draw.arc(_box(346, 282, 374, 310), 20, 340, fill=_PAPER, width=4 * LARGER)
    draw.line(_box(360, 288, 360, 304), fill=_PAPER, width=4 * LARGER)
    for y, width in ((336, 92), (352, 112), (368, 76)):
        draw.rounded_rectangle(_box(360 - width / 2, y, 360 + width / 2, y + 7), 3 * LARGER, fill=_INK)
    draw.rectangle(_box(300, 386, 322, 404), outline=_INK, width=2 * LARGER)
    draw.rounded_rectangle(_box(332, 388, 420, 392), 2 * LARGER, fill=_INK)
    draw.rounded_rectangle(_box(332, 398, 400, 402), 2 * LARGER, fill=_INK)


def _bowl(draw: ImageDraw.ImageDraw) -> None:
    draw.pieslice(_box(486, 362, 626, 486), 0, 180, fill=(233, 236, 238))
    draw.rounded_rectangle(_box(530, 478, 582, 488), 4 * LARGER, fill=(206, 212, 216))
    draw.ellipse(_box(486, 404, 626, 444), fill=(248, 249, 250), outline=(206, 212, 216), width=2 * LARGER)
    draw.ellipse(_box(500, 410, 612, 440), fill=(58, 28, 20))
    draw.arc(_box(516, 414, 580, 432), 190, 280, fill=(126, 82, 62), width=3 * LARGER)


PICTURES: dict[str, Callable[[], bytes]] = {"bottle": bottle}
