"""The main job, walked once over HTTP as its users walk it: producer, shopper, regulator. Each step is timed and told."""

import csv
import io
import json
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from tempfile import NamedTemporaryFile
from time import monotonic, perf_counter, sleep
from typing import Any
from urllib.parse import quote

import zxingcpp
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from PIL import Image

from gi_registry.credentials.multibase import ED25519, of_base58
from gi_registry.demo.visitor import Answer, StepFailed, Visitor
from gi_registry.lib.ids import grouped
from gi_registry.lib.texts import Text
from gi_registry.openlog.notes import NoteFault, VerifierKey
from gi_registry.openlog.proofs import EntryProof
from gi_registry.openlog.verifier import Wrong, verify

DPI = 203  # the usual label printer, the coarsest of the three
COUNTIES = 117
PUBLISHED_WITHIN_S = 20


@dataclass
class Journey:
    """What is known so far. ``card`` is var/demo.json."""

    card: dict[str, Any]
    base_url: str
    today: date
    form: dict[str, Any] = field(default_factory=dict)
    site: str = ""
    batch: dict[str, Any] = field(default_factory=dict)
    picture: bytes = b""
    link: str = ""
    unit_links: list[str] = field(default_factory=list)

    def account(self, role: str) -> dict[str, Any]:
        return next(account for account in self.card["accounts"] if account["role"] == role)

    def machine(self, role: str) -> Visitor:
        return Visitor(self.base_url, self.account(role)["api_key"])

    @property
    def shopper(self) -> Visitor:
        return Visitor(self.base_url)


def _expect(answer: Answer, *statuses: int) -> Answer:
    if answer.status not in statuses:
        raise StepFailed(f"{answer.status} {answer.url}: {answer.text[:600]}")
    return answer


def _contains(page: Answer, *wanted: str) -> None:
    shown = unescape(page.text)
    if missing := [text for text in wanted if text not in shown]:
        raise StepFailed(f"{page.url}: {missing}?")


def ready(journey: Journey) -> str:
    _expect(journey.shopper.get("/readyz"), 200)
    return journey.base_url


def choose(journey: Journey) -> str:
    """What the producer may make: an article of its own, and a site that the register holds for active."""
    producer = journey.machine("producer")
    forms = _expect(producer.get("/api/v1/trace/forms/"), 200).json()["results"]
    slug = journey.card["indication"]
    journey.form = next(form for form in forms if form["gtin"] and form["indication"] == slug)
    sites = _expect(producer.get(f"/ogc/collections/sites/items?indication={slug}&state=active"), 200).json()
    journey.site = sites["features"][0]["properties"]["number"]
    return journey.form["name_zh"]


def register(journey: Journey) -> str:
    """Sent twice with one key, as an impatient finger does: one batch."""
    made_on = journey.today - timedelta(days=1)
    wish = {
        "form": journey.form["number"],
        "sites": [journey.site],
        "produced_on": made_on.isoformat(),
        "quantity": "600",
        "quantity_unit": "litre",
        "pack_count": 200,
        "producer_lot": f"CHECK-{made_on:%Y%m%d}",
        "state": "registered",
    }
    key = str(uuid.uuid4())
    producer = journey.machine("producer")
    first = _expect(producer.post("/api/v1/trace/batches/", wish, Idempotency_Key=key), 201).json()
    again = _expect(producer.post("/api/v1/trace/batches/", wish, Idempotency_Key=key), 201).json()
    if again["number"] != first["number"]:
        raise StepFailed(f"{first['number']}, {again['number']}: one Idempotency-Key made two batches")
    journey.batch = first
    return grouped(first["number"])


def release(journey: Journey) -> str:
    where = f"/api/v1/trace/batches/{journey.batch['number']}/release/"
    journey.batch = _expect(journey.machine("producer").post(where, {}), 200).json()
    if journey.batch["state"] != "released":
        raise StepFailed(journey.batch["state"])
    return journey.batch["state"]


def draw(journey: Journey) -> str:
    where = f"/api/v1/trace/batches/{journey.batch['number']}/qr.png?dpi={DPI}"
    journey.picture = _expect(journey.machine("producer").get(where, accept="image/png"), 200).body
    width, height = Image.open(io.BytesIO(journey.picture)).size
    return f"{width} × {height} px, {DPI} dpi"


def decode(journey: Journey) -> str:
    """By a reader that shares no code with the maker of the symbol."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(journey.picture)))
    if [code.text for code in found] != [journey.batch["url"]]:
        raise StepFailed(f"{[code.text for code in found]}, not {journey.batch['url']}")
    journey.link = found[0].text
    return journey.link


def open_link(journey: Journey) -> str:
    form, batch = journey.form, journey.batch
    chinese = _expect(journey.shopper.page(journey.link), 200)
    _contains(chinese, form["name_zh"], batch["producer_name"], grouped(batch["number"]), "已登记")
    english = _expect(journey.shopper.page(journey.link, "en"), 200)
    _contains(english, form["name_en"], grouped(batch["number"]), "Registered")
    return "中文 + English"


def open_digital_link(journey: Journey) -> str:
    if not journey.batch["digital_link"]:
        return "-"
    page = _expect(journey.shopper.page(journey.batch["digital_link"]), 200)
    _contains(page, journey.form["name_zh"], grouped(journey.batch["number"]))
    return journey.batch["digital_link"]


def check(journey: Journey) -> str:
    """The same answer for programs."""
    told = _expect(journey.shopper.get(f"/api/v1/trace/check?code={quote(journey.link, safe='')}"), 200).json()
    wrong = {
        "verdict": told["verdict"] != "registered",
        "lot": told["lot"] != journey.batch["number"],
        "product": told["product"]["name"] != journey.form["name_zh"],
        "producer": told["producer"]["name"] != journey.batch["producer_name"],
        "indication": told["indication"]["slug"] != journey.card["indication"],
        "region": not told["region"]["name"],
        "titles": not any(title["stands"] for title in told["indication"]["titles"]),
    }
    if faults := [name for name, is_wrong in wrong.items() if is_wrong]:
        raise StepFailed(f"{faults}: {told}")
    return f"{told['verdict']} · {told['region']['name']}"


def count(journey: Journey) -> str:
    """A look counts nothing; the page's own signal counts once a day for a device."""
    answer = _expect(journey.shopper.post(f"/c/{journey.batch['number']}/seen", {}), 200, 201).json()
    if answer["count"] != 1:
        raise StepFailed(str(answer))
    return f"n = {answer['count']}"


def issue_units(journey: Journey) -> str:
    """Three unit codes, taken as the file that a printer gets; a regulator does not get it."""
    codes = f"/api/v1/trace/batches/{journey.batch['number']}/codes/"
    issued = _expect(journey.machine("producer").post(codes, {"count": 3}), 201).json()
    where = f"/api/v1/trace/issuances/{issued['number']}/codes.csv"
    told = _expect(journey.machine("producer").get(where, accept="text/csv"), 200).body.decode("utf-8-sig")
    journey.unit_links = [row["link"] for row in csv.DictReader(io.StringIO(told, newline=""))]
    _expect(journey.machine("county_regulator").get(where, accept="text/csv"), 403)
    if len(journey.unit_links) != 3:
        raise StepFailed(told)
    return f"{issued['number']} · {issued['root'][:16]}…"


def check_unit(journey: Journey) -> str:
    """One of the three is good; with another last character but one it is a slip, not a code of somebody else's."""
    link = journey.unit_links[1]
    told = _expect(journey.shopper.get(f"/api/v1/trace/check?code={quote(link, safe='')}"), 200).json()
    if (told["verdict"], told["kind"], told["lot"]) != ("registered", "unit", journey.batch["number"]):
        raise StepFailed(str(told))
    slip = link[:-2] + ("0" if link[-2] != "0" else "1") + link[-1]
    wrong = _expect(journey.shopper.get(f"/api/v1/trace/check?code={quote(slip, safe='')}"), 200).json()
    if wrong["verdict"] != "mistyped":
        raise StepFailed(str(wrong))
    return link


def prove(journey: Journey) -> str:
    """The release stands in the open log; its proof is checked here, with what a stranger takes and nothing else."""
    where, stranger = f"/api/v1/trace/check?code={quote(journey.link, safe='')}", journey.shopper
    until = monotonic() + PUBLISHED_WITHIN_S
    while True:
        told = _expect(stranger.get(where), 200).json()["log"]
        proof = told and stranger.get(f"/log/proof/{told['entry']}")
        if proof and proof.status == 200:
            break
        if monotonic() > until:
            raise StepFailed(f"{told}: not published within {PUBLISHED_WITHIN_S} s")
        sleep(0.2)
    key = VerifierKey.read(_expect(stranger.get("/log/key"), 200).text)
    entry = _expect(stranger.get(f"/log/entries/{told['entry']}"), 200).body
    size = EntryProof.read(proof.text).proven(entry, [key], key.name).size
    if json.loads(entry)["facts"]["lot"] != journey.batch["number"]:
        raise StepFailed(entry.decode())
    return f"{told['entry']} / {size}, {_verified(journey, str(key))}"


def _verified(journey: Journey, key: str) -> str:
    """The producer's evidence file, verified as a court would: by the file alone."""
    path = f"/api/v1/trace/batches/{journey.batch['number']}/evidence.zip"
    with NamedTemporaryFile(suffix=".zip") as file:
        file.write(_expect(journey.machine("producer").get(path), 200).body)
        file.flush()
        try:
            lines = list(verify(file.name, key))
        except Wrong as wrong:
            raise StepFailed(str(wrong)) from wrong
    return f"{sum(line.startswith('条目') for line in lines)} ✓"


def certify(journey: Journey) -> str:
    """The lot's certificate as a buyer's program takes it: signed by the key that the issuer's document names; and as a print."""
    at, stranger = f"/certificates/batch/{journey.batch['number']}", journey.shopper
    signed, _, signature = _expect(stranger.get(f"{at}.jwt"), 200).text.rpartition(".")
    head, claims = (json.loads(_unpadded(part)) for part in signed.split("."))
    methods = _expect(stranger.get("/.well-known/did.json"), 200).json()["verificationMethod"]
    coded = next(one["publicKeyMultibase"] for one in methods if one["id"] == head["kid"])
    key = Ed25519PublicKey.from_public_bytes(of_base58(coded).removeprefix(ED25519))
    try:
        key.verify(_unpadded(signature), signed.encode())
    except InvalidSignature:
        raise StepFailed(f"{at}: the signature is wrong") from None
    if claims["credentialSubject"]["lot"] != journey.batch["number"]:
        raise StepFailed(str(claims))
    if not _expect(stranger.get(f"{at}.pdf", accept="application/pdf"), 200).body.startswith(b"%PDF"):
        raise StepFailed(f"{at}.pdf is none")
    return str(claims["issuer"])


def _unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def see_on_map(journey: Journey) -> str:
    """The county regulator finds the batch inside its county, and the counties are all there."""
    regulator = journey.machine("county_regulator")
    found = _expect(regulator.get(f"/ogc/collections/batches/items?number={journey.batch['number']}"), 200).json()
    places = [feature["geometry"]["coordinates"] for feature in found["features"] if feature["geometry"]]
    if len(places) != 1:
        raise StepFailed(f"{len(places)} features")
    counties = _expect(journey.shopper.get("/ogc/collections/divisions/items?level=county&limit=200"), 200).json()
    if len(counties["features"]) != COUNTIES:
        raise StepFailed(f"{len(counties['features'])} counties")
    return "{:.4f}, {:.4f}".format(*places[0])


def keep_from_rival(journey: Journey) -> str:
    """Another producer is told that there is no such batch."""
    _expect(journey.machine("rival_producer").get(f"/api/v1/trace/batches/{journey.batch['number']}/"), 404)
    return "404"


def sign_in(journey: Journey) -> str:
    """The producer in a browser: the login form, then its own page of the batch."""
    account, browser = journey.account("producer"), journey.shopper
    _expect(browser.submit("/accounts/login/", login=account["username"], password=account["password"]), 200)
    page = _expect(browser.page(f"/portal/batches/{journey.batch['number']}/"), 200)
    _contains(page, grouped(journey.batch["number"]), journey.form["name_zh"])
    return account["username"]


STEPS: tuple[tuple[Text, Callable[[Journey], str]], ...] = (
    (Text("服务就绪", "The service is ready"), ready),
    (Text("选产品和场地", "Product and site chosen"), choose),
    (Text("登记批次（发送两次）", "Batch registered (sent twice)"), register),
    (Text("放行", "Released"), release),
    (Text("生成二维码", "QR code drawn"), draw),
    (Text("用 zxing-cpp 读码", "QR code read by zxing-cpp"), decode),
    (Text("打开查验页", "Verdict page opened"), open_link),
    (Text("打开 GS1 数字链接", "GS1 Digital Link opened"), open_digital_link),
    (Text("接口查验", "Checked by API"), check),
    (Text("记一次查询", "One check counted"), count),
    (Text("签发三个单件码并领取", "Three unit codes issued and taken"), issue_units),
    (Text("查验一个单件码", "One unit code checked"), check_unit),
    (Text("核对公开日志的证明", "Proof from the open log verified"), prove),
    (Text("核对批次证书的签名", "Signature of the certificate verified"), certify),
    (Text("县级监管员在地图上看到", "Seen on the map by the county regulator"), see_on_map),
    (Text("他人看不到", "Hidden from a rival"), keep_from_rival),
    (Text("生产者登录工作台", "Producer signed in to the portal"), sign_in),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the report; ``fault`` is empty where the step went well."""

    step: Text
    detail: str
    took_ms: float
    fault: str = ""


def walk(journey: Journey) -> Iterator[Told]:
    """Every step in order, up to and with the first that fails: the later ones stand on it."""
    for text, step in STEPS:
        begun = perf_counter()
        try:
            detail, fault = step(journey), ""
        except (StepFailed, NoteFault, OSError, ValueError, LookupError, TypeError, StopIteration) as error:
            detail, fault = "", f"{type(error).__name__}: {error}"
        yield Told(text, detail, (perf_counter() - begun) * 1000, fault)
        if fault:
            return
