"""Labels for tests: links of every kind that is printed, contents, dirt, and readers that are not ours."""

import io
import random
import re
import subprocess
from pathlib import Path

import segno
import zxingcpp
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from gi_registry.lib.ids import ALPHABET, check_character
from trace.labels.contents import Contents, Label
from trace.labels.fonts import Face, find
from trace.labels.run import Run
from trace.qr import QUIET_ZONE_MODULES, Profile, paint

HOST = "gi.shanxi.example"
LOT = "7K3QX9PA28"
GTIN = "06901234567892"
# What stands in the QR code, by kind.
KINDS = {
    "batch": "https://{host}/c/{lot}",
    "unit": "https://{host}/c/{lot}/{code}",
    "gs1_batch": "https://{host}/01/{gtin}/10/{lot}",
    "gs1_unit": "https://{host}/01/{gtin}/10/{lot}/21/{code}",
}
CONTENTS = Contents(
    name_zh="东湖老陈醋（三年陈酿）",
    name_en="Donghu aged vinegar",
    producer="清徐县东湖酿造有限公司",
    uscc="91140121MA0TEXT01X",
    title="国家质检总局2004年第104号公告",
    standard="GB/T 19777-2013",
    lot=LOT,
    typed_at=f"{HOST}/c/",
)


def a_face() -> Face:
    return find("")


def a_code(chance: random.Random) -> str:
    body = "".join(chance.choices(ALPHABET, k=19))
    return body + check_character(body)


def a_label(kind: str, chance: random.Random) -> Label:
    code = a_code(chance) if "unit" in kind else ""
    return Label(KINDS[kind].format(host=HOST, lot=LOT, gtin=GTIN, code=code), code)


@st.composite
def numbers(draw, length):
    body = draw(st.text(alphabet=ALPHABET, min_size=length, max_size=length))
    return body + check_character(body)


@st.composite
def links(draw):
    """The grammar of the links that are printed: batch and unit, own and GS1 form, on hosts of many lengths."""
    scheme = draw(st.sampled_from(["https://", "http://"]))
    host = draw(st.from_regex(r"[a-z0-9]{1,20}(\.[a-z0-9]{1,15}){0,3}(:[0-9]{2,5})?", fullmatch=True))
    lot, code = draw(numbers(9)), draw(numbers(19))
    gtin = draw(st.from_regex(r"[0-9]{14}", fullmatch=True))
    path = draw(st.sampled_from(list(KINDS.values()))).removeprefix("https://{host}")
    return scheme + host + path.format(lot=lot, code=code, gtin=gtin)


# --- readers that are not ours -----------------------------------------------------------------------------------


def read_by_zxing(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    return found.text


def image_of(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def drawn_from_pdf(pdf: bytes, folder: Path, dpi: int, size: tuple[int, int], corner: tuple[int, int]) -> Image.Image:
    """A part of the first page as poppler draws it, in dots of the printer, without grey edges."""
    source = folder / "labels.pdf"
    source.write_bytes(pdf)
    box = ["-x", str(corner[0]), "-y", str(corner[1]), "-W", str(size[0]), "-H", str(size[1])]
    command = ["pdftoppm", "-r", str(dpi), "-f", "1", "-singlefile", "-gray", "-aaVector", "no", *box, str(source)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b"", done.stderr
    return Image.open(io.BytesIO(done.stdout)).convert("L")


def drawn_from_zpl(zpl: str, size: tuple[int, int]) -> list[Image.Image]:
    """What a printer makes of our commands: an independent small reader of ^GF, ~DG and ^XG."""
    stored = {name: _graphic(data, int(width)) for name, width, data in re.findall(r"~DG(\S+?),\d+,(\d+),(\S+)", zpl)}
    pictures = []
    for label in re.findall(r"\^XA(.*?)\^XZ", zpl):
        picture = Image.new("1", size, 1)
        for x, y, name in re.findall(r"\^FO(\d+),(\d+)\^XG(\S+?),1,1\^FS", label):
            picture.paste(0, (int(x), int(y)), stored[name])
        for x, y, width, data in re.findall(r"\^FO(\d+),(\d+)\^GFA,\d+,\d+,(\d+),(\S+?)\^FS", label):
            ink = _graphic(data, int(width))
            picture.paste(0, (int(x), int(y)), ink)
        pictures.append(picture)
    return pictures[:-1]  # the last one only frees the printer's memory


def _graphic(data: str, width: int) -> Image.Image:
    """ZPL's ASCII compression read back; black is set."""
    rows, row, count = [], "", 0
    for letter in data:
        if letter in "GHIJKLMNOPQRSTUVWXY":
            count += "GHIJKLMNOPQRSTUVWXY".index(letter) + 1
        elif letter in "ghijklmnopqrstuvwxyz":
            count += ("ghijklmnopqrstuvwxyz".index(letter) + 1) * 20
        elif letter == ":":
            rows.append(rows[-1])
        else:
            row += {",": "0", "!": "1"}.get(letter, letter) * (
                width * 2 - len(row) if letter in ",!" else max(count, 1)
            )
            count = 0
        if len(row) == width * 2:
            rows.append(row)
            row = ""
    return Image.frombytes("1", (width * 8, len(rows)), bytes.fromhex("".join(rows)))


# --- dirt --------------------------------------------------------------------------------------------------------


def symbol_box(run: Run) -> tuple[int, int, int]:
    """Left, top and width of the modules of a label's symbol, in dots."""
    dots, modules = run.plan.printer.dots, run.plan.modules
    a_dot = run.plan.module_mm / dots
    return round(run.plan.symbol.x / a_dot) + 4 * dots, round(run.plan.symbol.y / a_dot) + 4 * dots, modules * dots


def smeared(image: Image.Image, run: Run, chance: random.Random) -> Image.Image:
    """A rubbed spot over a tenth of the symbol: ink half taken off, or half of it put on where there was none."""
    return _spot(image, symbol_box(run), run.plan.modules, chance, share=0.10, strength=128)


def blotted(image: Image.Image, run: Run, chance: random.Random) -> Image.Image:
    """A spot over six hundredths of the symbol, through which nothing is seen: all that level M stands everywhere."""
    return _spot(image, symbol_box(run), run.plan.modules, chance, share=0.06, strength=255)


def drawn_at(link: str, level: str, profile: Profile) -> tuple[Image.Image, int]:
    """A symbol of any level, by a library that is not ours, in whole dots; and its modules a side."""
    matrix = segno.make(link, error=level, boost_error=False, micro=False).matrix
    side = (len(matrix) + 2 * QUIET_ZONE_MODULES) * profile.dots
    image = Image.new("L", (side, side), 255)
    paint(ImageDraw.Draw(image), tuple(map(bytes, matrix)), profile.dots, (QUIET_ZONE_MODULES * profile.dots,) * 2)
    return image, len(matrix)


def covered(image: Image.Image, modules: int, dots: int, chance: random.Random, share: float) -> Image.Image:
    """A symbol alone (``drawn_at``) under a spot through which nothing is seen."""
    edge = QUIET_ZONE_MODULES * dots
    return _spot(image, (edge, edge, modules * dots), modules, chance, share=share, strength=255)


def _spot(
    image: Image.Image,
    box: tuple[int, int, int],
    modules: int,
    chance: random.Random,
    *,
    share: float,
    strength: int,
) -> Image.Image:
    """A round spot over this share of the symbol in the box (left, top, side), black or white, clear of the corners."""
    left, top, side = box
    radius = side * (share / 3.1416) ** 0.5
    corner = 8 / modules * side
    while True:
        x, y = (chance.uniform(radius, side - radius) for _ in range(2))
        # The three corner patterns have no error correction; a spot on one is another matter.
        if min(x, y) > corner + radius or (x > corner + radius and corner + radius < y < side - radius):
            break
        if corner + radius < x < side - corner - radius or corner + radius < y < side - corner - radius:
            break
    mask = Image.new("L", image.size, 0)
    spot = (left + x - radius, top + y - radius, left + x + radius, top + y + radius)
    ImageDraw.Draw(mask).ellipse(spot, fill=strength)
    return Image.composite(Image.new("L", image.size, chance.choice((0, 255))), image.convert("L"), mask)
