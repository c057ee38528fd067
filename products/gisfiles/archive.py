"""A zip archive from a stranger, opened without trust: everything it says of itself is checked before it is unpacked, and
nothing is believed while it is. Nothing is ever written to a disk."""

import io
import re
import stat
import struct
import zipfile
import zlib

from products.gisfiles.faults import FileRefused, refused, shown

MAX_MEMBERS = 20
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
# A table of mostly empty columns shrinks a thousandfold in all honesty; so small it can do no harm.
HARMLESS_BYTES = 1024 * 1024
# An archive of 20 honest members has a directory of 2 KB.
MAX_DIRECTORY = 64 * 1024
# What belongs to a Shapefile (ESRI 1998) or is laid beside it by GIS programs. Only the first four are ever unpacked.
READ_SUFFIXES = (".shp", ".dbf", ".prj", ".cpg")
ALLOWED = frozenset(
    (
        *READ_SUFFIXES,
        ".shx",
        ".sbn",
        ".sbx",
        ".qix",
        ".fix",
        ".ain",
        ".aih",
        ".atx",
        ".ixs",
        ".mxs",
        ".cst",
        ".qpj",
        ".qmd",
    )
) | {".shp.xml"}
_END = struct.Struct("<4s4H2LH")
_NAME = re.compile(r"[^/\\\x00-\x1f:]{1,100}")
_CHUNK = 64 * 1024
_HOW_TO_ZIP = (
    "请只把 .shp、.dbf、.shx、.prj、.cpg 这几个文件放进压缩包，不要带文件夹。",
    "Zip the files .shp, .dbf, .shx, .prj and .cpg themselves, without a folder.",
)


def unpack(data: bytes) -> dict[str, bytes]:
    """Suffix -> contents, for those of READ_SUFFIXES that are there. Raises FileRefused."""
    _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            wanted = _wanted(members)
            unpacked: dict[str, bytes] = {}
            for suffix, member in wanted.items():
                left = MAX_UNPACKED - sum(map(len, unpacked.values()))
                unpacked[suffix] = _contents(archive, member, left)
            return unpacked
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        if isinstance(error, FileRefused):
            raise
        raise _damaged() from error


def _damaged() -> FileRefused:
    return refused(
        "archive_damaged",
        "压缩包已损坏，或不是普通的 ZIP 文件。请重新压缩。",
        "The archive is damaged or no plain ZIP file. Zip it anew.",
    )


def _check_directory(data: bytes) -> None:
    """The record at the very end (PKWARE APPNOTE 4.3.16), before any reader of archives sees it: a count and a size that
    are small, one disk, no comment, nothing before the archive and nothing after it."""
    if len(data) < _END.size:
        raise _damaged()
    sign, disk, first_disk, here, total, size, start, comment = _END.unpack(data[-_END.size :])
    if sign != b"PK\x05\x06" or comment or disk or first_disk or here != total:
        raise _damaged()
    if total > MAX_MEMBERS or size > MAX_DIRECTORY:
        raise refused(
            "archive_members",
            f"压缩包里最多 {MAX_MEMBERS} 个文件。{_HOW_TO_ZIP[0]}",
            f"An archive holds {MAX_MEMBERS} files at most. {_HOW_TO_ZIP[1]}",
        )
    if start + size != len(data) - _END.size or not data.startswith(b"PK\x03\x04"):
        raise _damaged()


def _wanted(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The members to unpack, after every member was looked at."""
    if len(members) > MAX_MEMBERS:
        raise _damaged()
    names = [member.filename.lower() for member in members]
    if len(set(names)) != len(names):
        raise _damaged()
    for member in members:
        _check_member(member)
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise _bomb()
    stems = {_split(name)[0] for name in names if _split(name)[1] == ".shp"}
    if len(stems) != 1:
        raise refused(
            "archive_layers",
            f"压缩包里应恰好有一个 .shp 文件。{_HOW_TO_ZIP[0]}",
            f"The archive must hold exactly one .shp file. {_HOW_TO_ZIP[1]}",
        )
    stem = stems.pop()
    found = {_split(member.filename.lower()): member for member in members}
    return {suffix: found[stem, suffix] for suffix in READ_SUFFIXES if (stem, suffix) in found}


def _split(name: str) -> tuple[str, str]:
    suffix = ".shp.xml" if name.endswith(".shp.xml") else "." + name.rpartition(".")[2]
    return name.removesuffix(suffix), suffix


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    kind = stat.S_IFMT(member.external_attr >> 16)
    is_plain = _NAME.fullmatch(name) and ".." not in name and not name.startswith(".") and kind in (0, stat.S_IFREG)
    if not is_plain or member.orig_filename != name or _split(name.lower())[1] not in ALLOWED:
        raise refused(
            "archive_member",
            f"压缩包里不应有“{shown(name)}”。{_HOW_TO_ZIP[0]}",
            f"The archive must not hold “{shown(name)}”. {_HOW_TO_ZIP[1]}",
        )
    if member.flag_bits & 0x1:
        raise refused("archive_locked", "压缩包有密码，无法读取。", "The archive is encrypted and cannot be read.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged()
    if member.file_size > max(HARMLESS_BYTES, MAX_RATIO * member.compress_size):
        raise _bomb()


def _bomb() -> FileRefused:
    most = MAX_UNPACKED // 1024 // 1024
    return refused(
        "archive_bomb",
        f"压缩包解开后过大（上限 {most} MB，压缩比上限 {MAX_RATIO}）。",
        f"Unpacked, the archive is too large: {most} MB and {MAX_RATIO} times its size are the limits.",
    )


def _contents(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    """Read in pieces and stopped at what the directory said: a directory may lie. The checksum is held by the reader."""
    pieces, size = [], 0
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > min(member.file_size, left):
                raise _bomb()
            pieces.append(piece)
    if size != member.file_size:
        raise _damaged()
    return b"".join(pieces)
