"""What a file is, by its bytes and never by its name, and whether it is safe to unpack. Nothing is unpacked here.

Zip: PKWARE APPNOTE 4.3; compound files (xls, and every file with a password of Excel): [MS-CFB], [MS-OFFCRYPTO] 2.3.4.
"""

import io
import struct
import zipfile
import zlib

from gi_registry.lib.spreadsheets.faults import SheetRefused
from gi_registry.lib.spreadsheets.limits import HARMLESS_BYTES, MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED
from gi_registry.lib.texts import Word

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a reader of archives raises on one that is broken.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


class SheetFormat(Word):
    XLSX = "xlsx", "Excel 工作簿（xlsx）", "Excel workbook (xlsx)"
    XLS = "xls", "旧版 Excel 工作簿（xls）", "Old Excel workbook (xls)"
    ODS = "ods", "OpenDocument 表格（ods）", "OpenDocument spreadsheet (ods)"
    CSV = "csv", "文本表格（csv）", "Text (csv)"


def format_of(data: bytes) -> SheetFormat:
    """Raises SheetRefused for what is no spreadsheet, has a password or macros, or grows too large when unpacked."""
    if not data.strip(b"\x00\t\r\n "):
        raise SheetRefused("file_empty")
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(_COMPOUND):
        if _wide("EncryptedPackage") in data:
            raise SheetRefused("file_locked")
        if _wide("_VBA_PROJECT") in data:
            raise SheetRefused("file_macros")
        return SheetFormat.XLS
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"mime-version")):
        raise SheetRefused("file_is_page")
    if start.startswith((b"%pdf", b"{\\rtf", b"\xff\xd8", b"\x89png", b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        raise SheetRefused("charset_unknown" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "file_unknown")
    return SheetFormat.CSV


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _packed(data: bytes) -> SheetFormat:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(members)
            names = {member.filename for member in members}
            if any(name.lower().endswith(("vbaproject.bin", ".vba", ".xlm")) for name in names):
                raise SheetRefused("file_macros")
            if "xl/workbook.bin" in names:
                raise SheetRefused("file_binary")
            if "xl/workbook.xml" in names:
                return SheetFormat.XLSX
            if "mimetype" in names and archive.read("mimetype").strip() == _ODS:
                if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise SheetRefused("file_locked")
                if any(name.startswith(("Basic/", "Scripts/")) for name in names):
                    raise SheetRefused("file_macros")
                return SheetFormat.ODS
    except BROKEN as error:
        if isinstance(error, SheetRefused):
            raise
        raise SheetRefused("file_damaged") from error
    raise SheetRefused("file_unknown")


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    """By what the archive says of itself; the reading process counts again while it unpacks."""
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise SheetRefused("file_bomb")
    for member in members:
        if member.flag_bits & 0x1:
            raise SheetRefused("file_locked")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SheetRefused("file_damaged")
        if member.file_size > max(HARMLESS_BYTES, MAX_RATIO * member.compress_size):
            raise SheetRefused("file_bomb")
