"""The module for browsers and offline printers makes, reads and refuses the same codes as Python, run by Node."""

import json
import subprocess

from django.conf import settings

from tests.house.tree import ROOT
from trace.codes import sign
from trace.codes.keyring import EpochState, KeyRing

# The Node that ./gi fetched for the browser's libraries: there need not be another.
NODE = settings.VAR_DIR / "node" / "bin" / "node"
MODULE = ROOT / "trace/static/trace/unit-code.js"
VECTORS = ROOT / "tests/vectors/unit_codes.json"
ISSUANCE = {"epoch": "2026", "gtin": "-", "lot": "7K3QX9PA28", "ordinal": 17}


def test_the_module_agrees_with_python_on_every_vector_and_on_codes_made_now(tmp_path):
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    ring = KeyRing({"2026": bytes.fromhex(vectors["master"])}, {"2026": EpochState.SIGNING})
    keys = ring.keys(*ISSUANCE.values())
    made = [{"code": code, "pin": sign.pin_at(keys, index)} for index, code in enumerate(sign.codes(keys, 0, 500))]
    file = tmp_path / "made.json"
    file.write_text(json.dumps({"issuance": ISSUANCE, "codes": made}), encoding="utf-8")
    told = subprocess.run(
        [NODE, ROOT / "tests/clients/in_node.mjs", MODULE, VECTORS, file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {
        "vectors": len(vectors["units"]),
        "typed": len(vectors["typed"]),
        "made": 500,
        "slips": 100 * 20 * 31,
    }


def test_the_module_is_small_and_needs_nothing():
    source = MODULE.read_bytes()
    assert len(source) < 8 * 1024
    assert b"import " not in source
    assert b"fetch(" not in source
