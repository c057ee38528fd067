"""Evidence in one file: entries, their proofs under one checkpoint, what is disclosed, the key, and how to verify it all.

The verifier that goes along is our own modules in one file, so that what is tested here is what a court runs there.
"""

import ast
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from gi_registry.lib import jsonio
from gi_registry.openlog.queries import Published, successions
from gi_registry.openlog.succession import succession_path
from gi_registry.openlog.verifier import TOKEN

# In the order in which they lean on each other.
_MODULES = ("tree", "tiles", "sm2", "notes", "succession", "proofs", "verifier")
_OURS = "gi_registry.openlog"
_BORN = (1980, 1, 1, 0, 0, 0)  # equal contents are equal files
GUIDE = """# 怎样核对 How to verify

1. `pip install cryptography`
2. `python verify.py 本文件 this-file.zip --key '公钥 KEY'`

没有 Python 时，登记机构网站的 `/log/verify/` 可以在浏览器里核对：文件不上传；时间戳和 SM2 签名不在那里核对。
Without Python, `/log/verify/` on the registry's site verifies it in your browser: nothing is uploaded; time stamps and SM2 are not judged there.

公钥请从可靠的独立来源取得（登记机构的公告、见证机构），不要只用包内的 keys.txt。
Take the key from a source of your own (a notice of the registry, a witness), not only from keys.txt in this file.

通过说明：条目在签名摘要之前已经写入公开日志，此后没有改动。它不说明登记的内容属实，也不检验货物。
A pass means: the entries stood in the open log when the checkpoint was signed, and have not changed since. It does not mean that what
was registered is true, and it tests no goods.

- `entries/` 条目原文 entries as published · `proofs/` 证明 proofs (C2SP tlog-proof) · `disclosed/` 未公开内容的原文 what was not public
- `succession/` 密钥更替：新旧两把密钥共同签名，信任其一即可核对 one key took another's place: both signed it, so trusting either will do
- `timestamp.tsr` `checkpoint` 文件的第三方时间戳 a third party's time stamp over `checkpoint` (RFC 3161)：`--tsa-roots 机构根证书.pem`
  也可以 or: `openssl ts -verify -in timestamp.tsr -data checkpoint -CAfile ROOTS.pem`
- `besides/` 数据如何而来（角色、方式、文件指纹），由登记机构说明，日志不为其作证 how the data came to be (role, way, fingerprints of
  files), as the registry tells it; the log does not stand for it
- 也可用其他支持 C2SP tlog-proof 的程序核对。 Any other program that knows C2SP tlog-proof will do as well.
- 手上有日后的日志副本时，加 `--log 文件夹` 核对它是否仍以此为开头。 With a later copy of the log, `--log FOLDER` checks that it still begins so.
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is disclosed of an entry."""

    salt: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What goes along: files on how the data came to be, by name, for which the log does not stand; and the time stamp of the checkpoint."""

    besides: Mapping[str, bytes] = field(default_factory=dict)
    token: bytes = b""


def bundle(
    published: Published,
    names: Sequence[str],
    indexes: Iterable[int],
    key: str,
    opened: Mapping[int, Opened],
    told: Told | None = None,
) -> bytes:
    """A zip over the entries of some objects, of each all from the first on. ValueError for an entry that is not published."""
    told = told or Told()
    files, said = {f"besides/{name}": data for name, data in told.besides.items()}, []
    files |= {succession_path(link): data for link, data in enumerate(successions(published.store), 1)}
    if told.token:
        files[TOKEN] = told.token
    for index in sorted(indexes):
        files[f"entries/{index}.json"] = published.tiled.entry(index)
        files[f"proofs/{index}.tlog-proof"] = str(published.proof(index)).encode()
        one: dict[str, object] = {"index": index}
        if index in opened:
            one["salt"] = opened[index].salt.hex()
            files[f"disclosed/{index}.json"] = opened[index].payload
        said.append(one)
    contents = {"schema": 2, "origin": published.claim.origin, "objects": list(names), "entries": said}
    files |= {
        "bundle.json": jsonio.dumps(contents),
        "checkpoint": str(published.note).encode(),
        "keys.txt": f"{key}\n".encode(),
        "VERIFY.md": GUIDE.encode(),
        "verify.py": single_file().encode(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, data in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(path, _BORN), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@lru_cache(1)
def single_file() -> str:
    """The verifier with everything of ours that it needs, and nothing to install but cryptography."""
    folder, parts = Path(__file__).parent, []
    for name in _MODULES:
        source = (folder / f"{name}.py").read_text(encoding="utf-8")
        module = ast.parse(source)
        parts.append(_without_ours(source, module))
    about = ast.get_docstring(module, clean=False)
    return "\n".join(["#!/usr/bin/env python3", f'"""{about}"""', *parts])


def _without_ours(source: str, module: ast.Module) -> str:
    """A module without its docstring and the imports that the one file makes needless."""
    lines = source.splitlines()
    for node in module.body:
        is_ours = isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_OURS)
        if is_ours or node is module.body[0]:
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
    return "\n".join(lines)
