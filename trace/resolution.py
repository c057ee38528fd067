"""What a GS1 Digital Link leads to here: the levels of links of an article, a lot and a unit.

Two statements at most: the article with the lot asked for, and the reviewed addresses elsewhere. Articles and lots that
nobody registered a batch of are not told from such as never were, and no name of a producer is said.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from gi_registry.credentials.signing import VC, VC_JWT
from gi_registry.lib.ids import normalise
from gi_registry.lib.language import is_english, say
from gi_registry.lib.problems import Problem
from gi_registry.lib.texts import Text
from products.models import Authorisation, Title
from products.rules.authorisations import STANDING
from trace.links import DigitalLink
from trace.links.linkset import DEFAULT, DEFAULT_MULTI, Level, Link, merged
from trace.models import Batch, LinkTarget, ProductForm
from trace.rules.batches import CERTIFIED
from trace.rules.link_targets import MAX_OPEN

JSON, GEOJSON = "application/json", "application/geo+json"
UNKNOWN = Text("本登记系统没有登记此商品条码。", "No article with this GTIN is registered here.")
_VERDICT = Text("核对结果", "Result of the check")
_VERDICT_DATA = Text("核对结果（数据）", "Result of the check (data)")
_RECALL = Text("召回与暂停销售状态", "Recall and hold")
_TRACE = Text("批次登记信息", "Record of the batch")
_CERTIFICATE = Text("批次证书", "Certificate of the batch")
_RIGHT = Text("专用标志使用核准", "Authorisation to use the mark")
_ENTRY = Text("地理标志名录", "Entry in the register")
_ENTRY_DATA = Text("地理标志名录（数据）", "Entry in the register (data)")
_TITLES = Text("保护依据与标准", "Titles and standards")
_PLACE = Text("产地范围", "Region of origin")
_PLACE_DATA = Text("产地范围（GeoJSON）", "Region of origin (GeoJSON)")
_CHECK = Text("查码", "Check a code")


class Resolution:
    """One link as asked: ``anchor`` is its address as it was written, without the query."""

    def __init__(self, link: DigitalLink, anchor: str) -> None:
        self.link, self.anchor = link, anchor
        self.gtin, self.lot, self.code = (link.get(ai) for ai in ("01", "10", "21"))
        article = _article(self.gtin, normalise(self.lot)) if link.key[0] == "01" else None
        if article is None:
            raise Problem("not_found", UNKNOWN)
        self.article: dict[str, Any] = article

    @property
    def levels(self) -> list[Level]:
        """From what was asked up to the article; the defaults stand with the first."""
        name = self.article["name_en"] if is_english() and self.article["name_en"] else self.article["name_zh"]
        anchor, told = self.anchor, []
        inside = [ai for ai, _ in self.link.qualifiers]
        for count in range(len(inside), -1, -1):
            links = self._links_of(inside[:count])
            if not told:
                links = (*self._defaults(), *links)
            if links:
                told.append(Level(anchor, name, links))
            anchor = anchor.rsplit("/", 2)[0]
        return told

    @property
    def defaults_only(self) -> list[Level]:
        """Enough to be led on: nobody is led elsewhere by default, so nothing elsewhere is looked up."""
        return [Level(self.anchor, "", self._defaults())]

    def _links_of(self, inside: list[str]) -> tuple[Link, ...]:
        if not inside:
            return merged((*self._elsewhere(), self._of_article()))
        if inside[-1] == "21":
            return (_page("verificationService", self._check_page, _VERDICT), self._check_data("verificationService"))
        return self._of_lot() if inside[-1] == "10" else ()

    def _defaults(self) -> tuple[Link, ...]:
        if self.lot or self.code:
            links = _page(DEFAULT, self._check_page, _VERDICT), self._check_data(DEFAULT_MULTI)
        else:
            links = _page(DEFAULT, self._register_page, _ENTRY), self._register_data(DEFAULT_MULTI)
        page = links[0]
        return page, Link(DEFAULT_MULTI, page.href, page.title), links[1]

    # --- the lot ---

    @property
    def is_guess(self) -> bool:
        """A lot that this article never had: what guessing looks like."""
        return bool(self.lot) and not self.article["has_lot"]

    @property
    def _is_known(self) -> bool:
        return self.article["has_lot"] and (not self.code or _is_plain(self.code))

    @property
    def _check_page(self) -> str:
        """The verdict page. A lot that is not of this article is checked with its GTIN, so that the page says so."""
        if not self._is_known:
            return f"{reverse('check')}?code={quote(self._asked, safe='')}"
        lot = normalise(self.lot)
        return (
            reverse("verdict-unit", args=[lot, normalise(self.code)]) if self.code else reverse("verdict", args=[lot])
        )

    def _check_data(self, kind: str) -> Link:
        asked = self._check_page.removeprefix("/c/") if self._is_known else self._asked
        return _data(kind, f"{reverse('trace-check')}?code={quote(asked, safe='')}", _VERDICT_DATA, passes_query=True)

    @property
    def _asked(self) -> str:
        pairs = [(ai, value) for ai, value in (("10", self.lot), ("21", self.code)) if value]
        return DigitalLink(("01", self.gtin), tuple(pairs)).path

    def _of_lot(self) -> tuple[Link, ...]:
        if not self.article["has_lot"]:
            return (_page("verificationService", self._check_page, _VERDICT), self._check_data("verificationService"))
        page = reverse("verdict", args=[normalise(self.lot)])
        data = f"{reverse('trace-check')}?code={normalise(self.lot)}"
        return (
            _page("verificationService", page, _VERDICT),
            _data("verificationService", data, _VERDICT_DATA, passes_query=True),
            _page("recallStatus", page, _RECALL),
            _page("traceability", page, _TRACE),
            *(self._certificates() if self.article["is_released"] else [_page("certificationInfo", page, _RIGHT)]),
        )

    def _certificates(self) -> Iterator[Link]:
        """The lot's certificate, to be read and to be verified; which of them, a client says by Accept."""
        lot = normalise(self.lot)
        for name, media_type in (
            ("certificate", "text/html"),
            ("certificate-credential", VC),
            ("certificate-token", VC_JWT),
        ):
            yield _data("certificationInfo", reverse(name, args=["batch", lot]), _CERTIFICATE, media_type)

    # --- the article ---

    @property
    def _register_page(self) -> str:
        return reverse("products-indication", args=[self.article["slug"]])

    def _register_data(self, kind: str) -> Link:
        return _data(kind, reverse("products-api-indication", args=[self.article["slug"]]), _ENTRY_DATA)

    def _of_article(self) -> tuple[Link, ...]:
        page = self._register_page
        links = [
            _page("pip", page, _ENTRY),
            _page("registryEntry", page, _ENTRY),
            self._register_data("registryEntry"),
            _page("certificationInfo", page, _TITLES),
            self._register_data("masterData"),
            _page("verificationService", reverse("check"), _CHECK),
        ]
        if region := self.article["region"]:
            place = f"/ogc/collections/regions/items/{region}"
            links += [
                Link("locationInfo", _ours(f"{place}?f=html"), say(_PLACE), passes_query=False),
                _data("locationInfo", f"{place}?f=json", _PLACE_DATA, GEOJSON),
            ]
        return tuple(links)

    def _elsewhere(self) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
        """Reviewed addresses: those of the producer for this article, then those of the holder for its title."""
        article, rows = self.article, _targets(self.article)
        return (
            tuple(_elsewhere(row) for row in rows if row.form_id == article["id"]),
            tuple(_elsewhere(row) for row in rows if row.form_id is None),
        )


def _article(gtin: str, lot: str) -> dict[str, Any] | None:
    """An article with this GTIN of which any batch was registered, and whether the lot is one of them."""
    issued = Batch.objects.filter(form=OuterRef("pk"), registered_at__isnull=False)
    regions = Title.objects.public().filter(indication=OuterRef("indication"), region__isnull=False).order_by("id")
    rows = ProductForm.objects.filter(Exists(issued), gtin=gtin).annotate(
        has_lot=Exists(issued.filter(number=lot if _is_plain(lot) else "")),
        is_released=Exists(issued.filter(number=lot if _is_plain(lot) else "", state__in=CERTIFIED)),
        region=Subquery(regions.values("region__number")[:1]),
    )
    wanted = ("id", "name_zh", "name_en", "producer_id", "indication_id", "has_lot", "is_released", "region")
    row = rows.values(*wanted, "indication__slug").first()
    return row and {**row, "slug": row["indication__slug"]}


def _targets(article: dict[str, Any]) -> list[LinkTarget]:
    """For the article, and for titles under which its producer may use the mark today."""
    held = Authorisation.objects.filter(
        producer=article["producer_id"], title__indication=article["indication_id"], state__in=sorted(STANDING)
    )
    rows = LinkTarget.objects.served().filter(Q(form=article["id"]) | Q(title__in=held.values("title")))
    return list(rows.order_by("kind", "language", "id")[: 4 * MAX_OPEN])


def _elsewhere(row: LinkTarget) -> Link:
    label = row.label_en if is_english() and row.label_en else row.label_zh
    return Link(row.kind, row.href, label, row.media_type, (row.language,), number=row.number)


def _is_plain(text: str) -> bool:
    plain = normalise(text)
    return plain.isascii() and plain.isalnum()


def _ours(path: str) -> str:
    return f"{settings.GI_PUBLIC_URL}{path}"


def _page(kind: str, path: str, title: Text) -> Link:
    return Link(kind, _ours(path), say(title))


def _data(kind: str, path: str, title: Text, media_type: str = JSON, *, passes_query: bool = False) -> Link:
    return Link(kind, _ours(path), say(title), media_type, passes_query=passes_query)
