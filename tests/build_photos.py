"""Photos as producers take them, drawn in memory."""

import io

from PIL import Image, ImageDraw

PLACE = b"GPS 37.45 N 112.05 E"


def a_photo(size: tuple[int, int] = (1200, 900), kind: str = "JPEG", *, noise: int = 24, turned: bool = False) -> bytes:
    """A bottle on a table, with the grain of a phone's camera and a note of the place in its EXIF; ``turned`` is a quarter,
    as phones write upright pictures."""
    width, height = size
    shade = Image.linear_gradient("L").resize(size)
    grain = Image.effect_noise(size, noise)
    table = Image.merge("RGB", (Image.blend(shade, grain, 0.4), Image.blend(shade, grain, 0.5), grain))
    draw = ImageDraw.Draw(table)
    draw.rounded_rectangle((width * 0.4, height * 0.25, width * 0.6, height * 0.9), 40, fill=(70, 34, 20))
    draw.rectangle((width * 0.4, height * 0.5, width * 0.6, height * 0.75), fill=(206, 178, 118))
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    if turned:
        exif[0x0112] = 6
    file = io.BytesIO()
    table.save(file, format=kind, exif=exif)
    return file.getvalue()
