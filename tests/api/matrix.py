"""Who may do what to whose: the whole of it, written by hand. Nothing here is computed from the policies it checks.

A row names a method, an address with a thing of ``tests/build_world`` in it, and what each person gets:

* ``ok``      who succeeds (2xx)
* ``denied``  who sees the thing and is refused (403)
* ``missing`` who must not learn that it exists (404)
* ``unknown`` who names somebody else's thing in a body, and reads that there is none (400)
* ``rest``    what everybody else gets who is signed in

Whoever is not signed in (``nobody``) is asked to (401), unless ``nobody`` says otherwise. ``reader`` is Zhang's machine
with a key that may only read.
"""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, encode_multipart

from tests.build_codes import code_of
from tests.build_files import fields
from tests.build_photos import a_photo
from tests.build_regions import a_square
from tests.build_sheets import batch_row, text
from tests.build_world import World

SIGNED_IN = "lin wang gao li zhao chen zhang feng sun ma hu reader"
EVERYBODY = f"{SIGNED_IN} nobody"
REASON = {"reason": "依法"}


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    expected: dict[str, int]
    body: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path}{f' ({self.body})' if self.body else ''}"


def row(method: str, path: str, ok: str, rest: int = 403, *, body: str = "", **others: Any) -> Row:
    """A row of the table; everybody must be in it exactly once."""
    statuses = {"ok": 200, "denied": 403, "missing": 404, "unknown": 400}
    nobody = others.pop("nobody", 401)
    expected = dict.fromkeys(ok.split(), 200)
    for name, people in others.items():
        for who in people.split():
            assert who not in expected, f"{who} stands twice in {method} {path}"
            expected[who] = statuses[name]
    expected = dict.fromkeys(SIGNED_IN.split(), rest) | {"nobody": nobody} | expected
    assert set(expected) == set(EVERYBODY.split()), f"a stranger in {method} {path}"
    return Row(method, path, expected, body)


API, OGC = "/api/v1/", "/ogc/"
REGIONS, PRODUCTS, TRACE = f"{API}regions/", f"{API}products/", f"{API}trace/"

# Who sees what of whom, said once: those who read a row of Zhang's, Feng's, Ma's, or of the two holders.
OFFICIALS_QINGXU, OFFICIALS_QI = "lin wang li sun", "lin gao zhao sun"
ZHANGS, FENGS = f"{OFFICIALS_QINGXU} zhang reader", f"{OFFICIALS_QI} feng"
MAS = f"{OFFICIALS_QINGXU} zhang reader ma"
ZHANGS_AND_CHEN, FENGS_AND_CHEN = f"{ZHANGS} chen", f"{FENGS} chen"
CHENS, GROWERS = f"{OFFICIALS_QINGXU} chen", OFFICIALS_QI

PLACES = (
    row("GET", f"{REGIONS}divisions/", EVERYBODY),
    row("GET", f"{REGIONS}divisions/{{public.qingxu}}/", EVERYBODY),
    row("POST", f"{REGIONS}locate/", EVERYBODY, body="some points"),
    row("POST", f"{REGIONS}assess/", EVERYBODY, body="some shapes"),
    row("GET", f"{REGIONS}regions/", EVERYBODY),
    row("POST", f"{REGIONS}regions/", "lin", body="a region"),
    row("GET", f"{REGIONS}regions/{{public.region}}/", EVERYBODY),
    row("GET", f"{REGIONS}regions/{{public.region}}/history/", "lin wang gao li zhao sun"),
    row("GET", f"{REGIONS}regions/{{public.region}}/boundaries/", EVERYBODY),
    row("POST", f"{REGIONS}regions/{{public.region}}/boundaries/", "lin", body="a boundary"),
    row("POST", f"{REGIONS}regions/{{public.region}}/boundaries/end/", "lin", body="an end"),
)

NAMES = (
    row("GET", f"{PRODUCTS}indications/", EVERYBODY),
    row("POST", f"{PRODUCTS}indications/", "lin", body="an indication"),
    row("GET", f"{PRODUCTS}indications/{{public.vinegar}}/", EVERYBODY),
    row("PATCH", f"{PRODUCTS}indications/{{public.vinegar}}/", "lin", body="a name"),
    row("PATCH", f"{PRODUCTS}indications/{{public.pears}}/", "lin", body="a name"),
    row("GET", f"{PRODUCTS}indications/{{public.vinegar}}/history/", OFFICIALS_QINGXU),
    row("GET", f"{PRODUCTS}indications/{{public.pears}}/history/", OFFICIALS_QI),
    row("GET", f"{PRODUCTS}holders/", EVERYBODY),
    row("POST", f"{PRODUCTS}holders/", "lin", body="a holder"),
    row("GET", f"{PRODUCTS}holders/{{chen.holder}}/", EVERYBODY),
    row("PATCH", f"{PRODUCTS}holders/{{chen.holder}}/", "lin", body="a name"),
    row("GET", f"{PRODUCTS}holders/{{chen.holder}}/history/", "lin sun chen"),
    row("GET", f"{PRODUCTS}holders/{{growers.holder}}/history/", "lin sun"),
    row("GET", f"{PRODUCTS}seasons/", EVERYBODY),
    row("POST", f"{PRODUCTS}seasons/", "lin chen", body="a season of vinegar"),
    row("POST", f"{PRODUCTS}seasons/", "lin", body="a season of pears"),
    row("GET", f"{PRODUCTS}seasons/{{chen.season}}/", EVERYBODY),
    row("PATCH", f"{PRODUCTS}seasons/{{chen.season}}/", "lin chen", body="another season"),
    row("PATCH", f"{PRODUCTS}seasons/{{growers.season}}/", "lin", body="another season"),
    row("GET", f"{PRODUCTS}seasons/{{chen.season}}/history/", OFFICIALS_QINGXU),
    row("GET", f"{PRODUCTS}seasons/{{growers.season}}/history/", OFFICIALS_QI),
    # What an open season allows is public; a draft is for those who keep the season and who watch the place.
    row("GET", f"{PRODUCTS}seasons/{{chen.past_season}}/quota/", EVERYBODY),
    row("GET", f"{PRODUCTS}seasons/{{chen.season}}/quota/", CHENS, 404, nobody=404),
    row("POST", f"{PRODUCTS}seasons/{{chen.season}}/quota/", "lin chen", body="a quota"),
    row("POST", f"{PRODUCTS}seasons/{{growers.season}}/quota/", "lin", body="a quota"),
    row("GET", f"{PRODUCTS}seasons/{{chen.past_season}}/quota/history/", OFFICIALS_QINGXU),
)

TITLES = (
    row("GET", f"{PRODUCTS}titles/", EVERYBODY),
    row("POST", f"{PRODUCTS}titles/", "lin chen", body="a mark of Chen's"),
    row("POST", f"{PRODUCTS}titles/", "lin", body="a mark of the growers'"),
    row("GET", f"{PRODUCTS}titles/{{chen.title}}/", EVERYBODY),
    row("GET", f"{PRODUCTS}titles/{{chen.filed}}/", CHENS, 404, nobody=404),
    row("GET", f"{PRODUCTS}titles/{{growers.filed}}/", GROWERS, 404, nobody=404),
    row("PATCH", f"{PRODUCTS}titles/{{chen.title}}/", "lin", body="a note"),
    row("PATCH", f"{PRODUCTS}titles/{{chen.filed}}/", "lin", 404, denied="wang li sun chen", body="a note"),
    row("PATCH", f"{PRODUCTS}titles/{{growers.filed}}/", "lin", 404, denied="gao zhao sun", body="a note"),
    row("POST", f"{PRODUCTS}titles/{{chen.title}}/move/", "lin chen", body="to change pending"),
    row("POST", f"{PRODUCTS}titles/{{growers.title}}/move/", "lin", body="to change pending"),
    row("POST", f"{PRODUCTS}titles/{{chen.filed}}/move/", "chen", 404, denied=OFFICIALS_QINGXU, body="to withdrawn"),
    row("POST", f"{PRODUCTS}titles/{{chen.filed}}/move/", "lin", 404, denied="wang li sun chen", body="to refused"),
    row("POST", f"{PRODUCTS}titles/{{growers.filed}}/move/", "", 404, denied=OFFICIALS_QI, body="to withdrawn"),
    row("GET", f"{PRODUCTS}titles/{{chen.title}}/history/", CHENS),
    row("GET", f"{PRODUCTS}titles/{{growers.title}}/history/", GROWERS),
    row("GET", f"{PRODUCTS}titles/{{growers.filed}}/history/", GROWERS, 404),
    row("GET", f"{PRODUCTS}specifications/", EVERYBODY),
    row("POST", f"{PRODUCTS}specifications/", "lin chen", body="a specification"),
    row("GET", f"{PRODUCTS}specifications/{{chen.specification}}/", EVERYBODY),
    row("GET", f"{PRODUCTS}specifications/{{chen.draft_specification}}/", CHENS, 404, nobody=404),
    row("GET", f"{PRODUCTS}specifications/{{growers.draft_specification}}/", GROWERS, 404, nobody=404),
    row(
        "PATCH",
        f"{PRODUCTS}specifications/{{chen.draft_specification}}/",
        "lin chen",
        404,
        denied="wang li sun",
        body="a label",
    ),
    row(
        "PATCH",
        f"{PRODUCTS}specifications/{{growers.draft_specification}}/",
        "lin",
        404,
        denied="gao zhao sun",
        body="a label",
    ),
    row(
        "POST",
        f"{PRODUCTS}specifications/{{chen.draft_specification}}/move/",
        "lin chen",
        404,
        denied="wang li sun",
        body="to reviewed",
    ),
    row(
        "POST",
        f"{PRODUCTS}specifications/{{growers.draft_specification}}/move/",
        "lin",
        404,
        denied="gao zhao sun",
        body="to reviewed",
    ),
    row("GET", f"{PRODUCTS}specifications/{{chen.specification}}/history/", CHENS),
    row("GET", f"{PRODUCTS}specifications/{{growers.draft_specification}}/history/", GROWERS, 404),
)

MAKERS = (
    row("GET", f"{PRODUCTS}producers/", EVERYBODY),
    row("POST", f"{PRODUCTS}producers/", "lin li", unknown="zhao", body="a producer in Qingxu"),
    row("POST", f"{PRODUCTS}producers/", "lin zhao", unknown="li", body="a producer in Qi"),
    row("GET", f"{PRODUCTS}producers/{{zhang.producer}}/", EVERYBODY),
    row("GET", f"{PRODUCTS}producers/{{ma.producer}}/", MAS, 404, nobody=404),
    row("PATCH", f"{PRODUCTS}producers/{{zhang.producer}}/", "lin li zhang", body="an introduction"),
    row("PATCH", f"{PRODUCTS}producers/{{feng.producer}}/", "lin zhao feng", body="an introduction"),
    row(
        "PATCH",
        f"{PRODUCTS}producers/{{ma.producer}}/",
        "lin li zhang ma",
        404,
        denied="wang sun reader",
        body="an introduction",
    ),
    row("GET", f"{PRODUCTS}producers/{{zhang.producer}}/history/", ZHANGS),
    row("GET", f"{PRODUCTS}producers/{{feng.producer}}/history/", FENGS),
    row("GET", f"{PRODUCTS}producers/{{ma.producer}}/history/", MAS, 404),
    row("GET", f"{PRODUCTS}sites/", SIGNED_IN),
    row("POST", f"{PRODUCTS}sites/", "lin li zhang", unknown="zhao feng ma", body="a site of Zhang's"),
    row("POST", f"{PRODUCTS}sites/", "lin li zhang ma", unknown="zhao feng", body="a site of Ma's"),
    row("GET", f"{PRODUCTS}sites/{{zhang.field}}/", ZHANGS_AND_CHEN, 404),
    row("GET", f"{PRODUCTS}sites/{{zhang.flagged}}/", ZHANGS, 404),
    row("GET", f"{PRODUCTS}sites/{{feng.field}}/", FENGS_AND_CHEN, 404),
    row("GET", f"{PRODUCTS}sites/{{feng.orchard}}/", FENGS, 404),
    row("GET", f"{PRODUCTS}sites/{{ma.field}}/", MAS, 404),
    row(
        "POST",
        f"{PRODUCTS}sites/{{zhang.flagged}}/review/",
        "lin wang li",
        404,
        denied="sun zhang reader",
        body="a review",
    ),
    row("POST", f"{PRODUCTS}sites/{{feng.flagged}}/review/", "lin gao zhao", 404, denied="sun feng", body="a review"),
    row(
        "POST",
        f"{PRODUCTS}sites/{{zhang.field}}/retire/",
        "lin li zhang",
        404,
        denied="wang sun chen reader",
        body="a reason",
    ),
    row(
        "POST",
        f"{PRODUCTS}sites/{{feng.field}}/retire/",
        "lin zhao feng",
        404,
        denied="gao sun chen",
        body="a reason",
    ),
    row(
        "POST",
        f"{PRODUCTS}sites/{{ma.field}}/retire/",
        "lin li zhang ma",
        404,
        denied="wang sun reader",
        body="a reason",
    ),
    row("GET", f"{PRODUCTS}sites/{{zhang.field}}/history/", ZHANGS, 404, denied="chen"),
    row("GET", f"{PRODUCTS}sites/{{feng.field}}/history/", FENGS, 404, denied="chen"),
    row("GET", f"{PRODUCTS}sites/{{ma.field}}/history/", MAS, 404),
)

UPLOADS = (
    row("GET", f"{PRODUCTS}site-uploads/", SIGNED_IN),
    row("POST", f"{PRODUCTS}site-uploads/", "lin li zhang", unknown="zhao feng ma", body="a file of Zhang's"),
    row("POST", f"{PRODUCTS}site-uploads/", "lin li zhang ma", unknown="zhao feng", body="a file of Ma's"),
    row("GET", f"{PRODUCTS}site-uploads/{{zhang.upload}}/", ZHANGS, 404),
    row("GET", f"{PRODUCTS}site-uploads/{{feng.upload}}/", FENGS, 404),
    row("GET", f"{PRODUCTS}site-uploads/{{zhang.upload}}/rows/", ZHANGS, 404),
    row("GET", f"{PRODUCTS}site-uploads/{{feng.upload}}/rows/", FENGS, 404),
    row("GET", f"{PRODUCTS}site-uploads/{{zhang.upload}}/faults.xlsx", ZHANGS, 404),
    row("GET", f"{PRODUCTS}site-uploads/{{feng.upload}}/faults.xlsx", FENGS, 404),
    *(
        row("POST", f"{PRODUCTS}site-uploads/{{{owner}.upload}}/{verb}/", ok, 404, denied=denied, body=body)
        for owner, ok, denied in (("zhang", "lin li zhang", "wang sun reader"), ("feng", "lin zhao feng", "gao sun"))
        for verb, body in (("check", ""), ("commit", "rows to leave out"), ("discard", ""))
    ),
)

RIGHTS = (
    row("GET", f"{PRODUCTS}authorisations/", SIGNED_IN),
    row("POST", f"{PRODUCTS}authorisations/", "lin li zhang", unknown="zhao feng ma", body="an application of Zhang's"),
    row("POST", f"{PRODUCTS}authorisations/", "lin li zhang ma", unknown="zhao feng", body="an application of Ma's"),
    row("GET", f"{PRODUCTS}authorisations/{{zhang.authorisation}}/", ZHANGS_AND_CHEN, 404),
    row("GET", f"{PRODUCTS}authorisations/{{feng.authorisation}}/", FENGS_AND_CHEN, 404),
    row("GET", f"{PRODUCTS}authorisations/{{feng.application}}/", FENGS, 404),
    row("GET", f"{PRODUCTS}authorisations/{{ma.draft_authorisation}}/", MAS, 404),
    row(
        "PATCH",
        f"{PRODUCTS}authorisations/{{ma.draft_authorisation}}/",
        "lin li zhang ma",
        404,
        denied="wang sun reader",
        body="Ma's field",
    ),
    row(
        "PATCH",
        f"{PRODUCTS}authorisations/{{feng.draft_authorisation}}/",
        "lin zhao feng",
        404,
        denied="gao sun",
        body="Feng's field",
    ),
    row(
        "POST",
        f"{PRODUCTS}authorisations/{{ma.draft_authorisation}}/move/",
        "zhang ma",
        404,
        denied=f"{OFFICIALS_QINGXU} reader",
        body="to submitted",
    ),
    row(
        "POST",
        f"{PRODUCTS}authorisations/{{feng.draft_authorisation}}/move/",
        "feng",
        404,
        denied=OFFICIALS_QI,
        body="to submitted",
    ),
    row(
        "POST",
        f"{PRODUCTS}authorisations/{{feng.application}}/move/",
        "lin gao zhao",
        404,
        denied="sun feng",
        body="to origin checked",
    ),
    row(
        "POST",
        f"{PRODUCTS}authorisations/{{zhang.authorisation}}/move/",
        "lin chen",
        404,
        denied="wang li sun zhang reader",
        body="to suspended",
    ),
    row(
        "POST",
        f"{PRODUCTS}authorisations/{{zhang.authorisation}}/move/",
        "lin wang li",
        404,
        denied="chen sun zhang reader",
        body="to rectifying",
    ),
    row("GET", f"{PRODUCTS}authorisations/{{zhang.authorisation}}/documents/", ZHANGS_AND_CHEN, 404),
    row("GET", f"{PRODUCTS}authorisations/{{feng.application}}/documents/", FENGS, 404),
    row(
        "POST",
        f"{PRODUCTS}authorisations/{{ma.draft_authorisation}}/documents/",
        "lin li zhang ma",
        404,
        denied="wang sun reader",
        body="a report",
    ),
    row(
        "POST",
        f"{PRODUCTS}authorisations/{{feng.draft_authorisation}}/documents/",
        "lin zhao feng",
        404,
        denied="gao sun",
        body="a report",
    ),
    row("GET", f"{PRODUCTS}documents/{{zhang.document}}/", ZHANGS_AND_CHEN, 404),
    row("GET", f"{PRODUCTS}documents/{{feng.document}}/", FENGS, 404),
    row("GET", f"{PRODUCTS}documents/{{zhang.document}}/file/", ZHANGS_AND_CHEN, 404),
    row("GET", f"{PRODUCTS}documents/{{feng.document}}/file/", FENGS, 404),
    row("DELETE", f"{PRODUCTS}documents/{{ma.document}}/", "lin li zhang ma", 404, denied="wang sun reader"),
    row("DELETE", f"{PRODUCTS}documents/{{feng.document}}/", "lin zhao feng", 404, denied="gao sun"),
    row("GET", f"{PRODUCTS}authorisations/{{zhang.authorisation}}/history/", ZHANGS_AND_CHEN, 404),
    row("GET", f"{PRODUCTS}authorisations/{{feng.authorisation}}/history/", FENGS_AND_CHEN, 404),
    row("GET", f"{PRODUCTS}authorisations/{{ma.draft_authorisation}}/history/", MAS, 404),
)


def without(people: str, others: str) -> str:
    return " ".join(who for who in people.split() if who not in others.split())


def step(name: str, of: str, qingxu: str, qi: str, body: str = "a reason") -> tuple[Row, Row]:
    """A step of a batch of Zhang's and of one of Feng's in the same state; whoever sees it and is not named is denied."""
    rows = []
    for owner, seen, ok in (("zhang", ZHANGS_AND_CHEN, qingxu), ("feng", FENGS_AND_CHEN, qi)):
        denied = without(seen, ok)
        rows.append(row("POST", f"{TRACE}batches/{{{owner}.{of}}}/{name}/", ok, 404, denied=denied, body=body))
    return tuple(rows)


GOODS = (
    row("GET", f"{TRACE}check?code={{zhang.released}}", EVERYBODY),
    row("POST", f"{TRACE}check/pin", EVERYBODY, body="a PIN"),
    row("GET", f"{TRACE}alerts/", SIGNED_IN),
    row("GET", f"{TRACE}forms/", SIGNED_IN),
    row("POST", f"{TRACE}forms/", "zhang", unknown="feng ma", body="a form of Zhang's"),
    row("GET", f"{TRACE}forms/{{zhang.form}}/", ZHANGS, 404),
    row("GET", f"{TRACE}forms/{{feng.form}}/", FENGS, 404),
    row("PATCH", f"{TRACE}forms/{{zhang.form}}/", "zhang", 404, denied=f"{OFFICIALS_QINGXU} reader", body="a switch"),
    row("PATCH", f"{TRACE}forms/{{feng.form}}/", "feng", 404, denied=OFFICIALS_QI, body="a switch"),
    row(
        "PUT", f"{TRACE}forms/{{zhang.form}}/photo/", "zhang", 404, denied=f"{OFFICIALS_QINGXU} reader", body="a photo"
    ),
    row("PUT", f"{TRACE}forms/{{feng.form}}/photo/", "feng", 404, denied=OFFICIALS_QI, body="a photo"),
    row("DELETE", f"{TRACE}forms/{{zhang.form}}/photo/", "zhang", 404, denied=f"{OFFICIALS_QINGXU} reader"),
    row("DELETE", f"{TRACE}forms/{{feng.form}}/photo/", "feng", 404, denied=OFFICIALS_QI),
    row("GET", f"{TRACE}batches/", SIGNED_IN),
    row("POST", f"{TRACE}batches/", "zhang", unknown="feng ma", body="a batch of Zhang's"),
    row("GET", f"{TRACE}batches/{{zhang.draft}}/", ZHANGS_AND_CHEN, 404),
    row("GET", f"{TRACE}batches/{{zhang.released}}/", ZHANGS_AND_CHEN, 404),
    row("GET", f"{TRACE}batches/{{feng.released}}/", FENGS_AND_CHEN, 404),
    row("PATCH", f"{TRACE}batches/{{zhang.draft}}/", "zhang", 404, denied=f"{CHENS} reader", body="a quantity"),
    row("PATCH", f"{TRACE}batches/{{feng.draft}}/", "feng", 404, denied=f"{OFFICIALS_QI} chen", body="a quantity"),
    *step("register", "draft", "zhang", "feng"),
    *step("release", "registered", "zhang", "feng"),
    *step("hold", "released", "lin wang li", "lin gao zhao"),
    *step("resume", "on_hold", "lin wang li", "lin gao zhao"),
    *step("recall", "released", "zhang lin wang li", "feng lin gao zhao"),
    *step("close", "released", "zhang", "feng"),
    *step("void", "registered", "zhang lin wang li", "feng lin gao zhao"),
    *step("review", "released", "lin wang li", "lin gao zhao", body="a question"),
    row("GET", f"{TRACE}batches/{{zhang.released}}/history/", ZHANGS_AND_CHEN, 404),
    row("GET", f"{TRACE}batches/{{feng.released}}/history/", FENGS_AND_CHEN, 404),
    *(
        row("GET", f"{TRACE}batches/{{{owner}.registered}}/{of}/", seen, 404)
        for owner, seen in (("zhang", ZHANGS_AND_CHEN), ("feng", FENGS_AND_CHEN))
        for of in ("evidence", "rules")
    ),
    *(
        row("POST", f"{TRACE}batches/{{{owner}.registered}}/evidence/", f"{ok}{signer}", 404, denied=denied, body=body)
        for owner, ok, officials in (("zhang", "zhang", f"{OFFICIALS_QINGXU} reader"), ("feng", "feng", OFFICIALS_QI))
        for body, signer, denied in (
            ("some evidence", "", f"{officials} chen"),
            ("a signature", " chen", officials),
        )
    ),
    row(
        "POST", f"{TRACE}evidence/{{zhang.evidence}}/withdraw/", "zhang", 404, denied=f"{CHENS} reader", body="a reason"
    ),
    row(
        "POST",
        f"{TRACE}evidence/{{feng.evidence}}/withdraw/",
        "feng",
        404,
        denied=f"{OFFICIALS_QI} chen",
        body="a reason",
    ),
    row("GET", f"{TRACE}trials/{{chen.draft_specification}}/", "lin chen", 404, denied="wang li sun"),
    row("GET", f"{TRACE}trials/{{growers.draft_specification}}/", "lin", 404, denied="gao zhao sun"),
    row("GET", f"{TRACE}trials/{{chen.specification}}/", "lin chen"),
    row("GET", f"{TRACE}batches/{{zhang.released}}/qr.svg", ZHANGS_AND_CHEN, 404),
    row("GET", f"{TRACE}batches/{{feng.released}}/qr.svg", FENGS_AND_CHEN, 404),
    row("GET", f"{TRACE}batches/{{zhang.released}}/qr.png", ZHANGS_AND_CHEN, 404),
    row("GET", f"{TRACE}batches/{{feng.released}}/qr.png", FENGS_AND_CHEN, 404),
)


def saying(verb: str, body: str) -> tuple[Row, Row]:
    """Something said of units of Zhang's and of Feng's, which is for the makers alone."""
    zhangs = row(
        "POST", f"{TRACE}issuances/{{zhang.issuance}}/{verb}/", "zhang", 404, denied=f"{CHENS} reader", body=body
    )
    fengs = row(
        "POST", f"{TRACE}issuances/{{feng.issuance}}/{verb}/", "feng", 404, denied=f"{OFFICIALS_QI} chen", body=body
    )
    return zhangs, fengs


def prints(owner: str, seen: str) -> tuple[Row, ...]:
    """All who see an issuance see how its printing goes; labels hold the codes, so they are for the maker alone."""
    issuance, job = f"{TRACE}issuances/{{{owner}.issuance}}/", f"{TRACE}prints/{{{owner}.print}}/"
    own = {"rest": 404, "denied": without(seen, owner)}
    return (
        row("GET", job, seen, 404),
        row("GET", f"{job}labels.pdf", owner, **own),
        row("POST", f"{issuance}prints/", owner, **own, body="some labels"),
        row("POST", f"{job}cancel/", owner, **own, body="nothing"),
        row("POST", f"{job}resume/", owner, **own, body="nothing"),
    )


def sheets(owner: str, reader: str) -> tuple[Row, ...]:
    """What is not entered yet is nobody's but the maker's."""
    path, seen = f"{TRACE}imports/{{{owner}.sheet}}/", f"{owner} {reader}"
    own = {"rest": 404, "denied": reader}
    return (
        row("GET", path, seen, 404),
        row("GET", f"{path}rows/", seen, 404),
        row("GET", f"{path}faults.xlsx", seen, 404),
        row("POST", f"{path}commit/", owner, **own, body="what is right"),
        row("POST", f"{path}discard/", owner, **own, body="nothing"),
        row("POST", f"{path}resume/", owner, **own, body="nothing"),
    )


SHEETS = (
    row("GET", f"{TRACE}imports/", SIGNED_IN),
    row("POST", f"{TRACE}imports/", "zhang", unknown="feng ma", body="a sheet of Zhang's"),
    row("GET", f"{TRACE}imports/templates/{{zhang.producer}}.xlsx?kind=batches", "zhang reader", 404),
    row("GET", f"{TRACE}imports/templates/{{feng.producer}}.xlsx?kind=batches", "feng", 404),
    *sheets("zhang", "reader"),
    *sheets("feng", ""),
)


# Officials and holders see how many codes there are and what became of them; the codes are the maker's secret, and a key that
# may only read does not open them.
CODES = (
    *(
        row("GET", f"{TRACE}{thing}", seen, 404)
        for owner, seen in (("zhang", ZHANGS_AND_CHEN), ("feng", FENGS_AND_CHEN))
        for thing in (
            f"batches/{{{owner}.released}}/codes/",
            f"issuances/{{{owner}.issuance}}/",
            f"issuances/{{{owner}.issuance}}/ranges/",
            f"issuances/{{{owner}.issuance}}/downloads/",
            f"issuances/{{{owner}.issuance}}/history/",
        )
    ),
    *step("codes", "released", "zhang", "feng", body="some codes"),
    row("GET", f"{TRACE}issuances/{{zhang.issuance}}/codes.csv", "zhang", 404, denied=f"{CHENS} reader"),
    row("GET", f"{TRACE}issuances/{{feng.issuance}}/codes.csv", "feng", 404, denied=f"{OFFICIALS_QI} chen"),
    *(
        labels
        for thing in ("labels.pdf", "labels.zpl", "label.png", "label.svg")
        for labels in (
            row("GET", f"{TRACE}issuances/{{zhang.issuance}}/{thing}", "zhang", 404, denied=f"{CHENS} reader"),
            row("GET", f"{TRACE}issuances/{{feng.issuance}}/{thing}", "feng", 404, denied=f"{OFFICIALS_QI} chen"),
        )
    ),
    *(
        row("GET", f"{TRACE}batches/{{{owner}.released}}/{thing}", seen, 404)
        for owner, seen in (("zhang", ZHANGS_AND_CHEN), ("feng", FENGS_AND_CHEN))
        for thing in ("labels.pdf", "labels.zpl")
    ),
    row("GET", f"{TRACE}prints/", SIGNED_IN),
    *(
        printed
        for owner, seen in (("zhang", ZHANGS_AND_CHEN), ("feng", FENGS_AND_CHEN))
        for printed in prints(owner, seen)
    ),
    *(said for verb in ("activate", "spoil", "return", "destroy", "void") for said in saying(verb, "some units")),
)


def target(owner: str, others: str) -> tuple[Row, ...]:
    """An address elsewhere: its owner and the officials of the place see it, officials review it, either takes it down."""
    path, officials = f"{TRACE}link-targets/{{{owner}.target}}/", "lin wang li"
    seen = f"{officials} {owner} {others}"
    return (
        row("GET", path, seen, 404),
        row("GET", f"{path}history/", seen, 404),
        row("POST", f"{path}review/", officials, 404, denied=f"{owner} {others}", body="a yes"),
        row("POST", f"{path}withdraw/", f"{officials} {owner}", 404, denied=others, body="a reason"),
    )


LINKS = (
    row("GET", f"{TRACE}link-targets/", SIGNED_IN),
    row("POST", f"{TRACE}link-targets/", "zhang", unknown="feng ma chen", body="an address for Zhang's bottle"),
    row("POST", f"{TRACE}link-targets/", "chen", unknown="zhang feng ma", body="an address for Chen's title"),
    *target("zhang", "sun reader"),
    *target("chen", "sun"),
)


def posting(verb: str, owner: str, ok: str, seen: str, body: str) -> Row:
    """Something posted to the books of Zhang or Feng, by those who may."""
    denied = " ".join(who for who in seen.split() if who not in ok.split())
    return row("POST", f"{TRACE}quota/{{{owner}.entitlement}}/{verb}/", ok, 404, denied=denied, body=body)


def ordering(verb: str, order: str, ok: str, seen: str, body: str) -> Row:
    """A step of a label order, or something said of its labels."""
    denied = " ".join(who for who in seen.split() if who not in ok.split())
    return row("POST", f"{TRACE}label-orders/{{{order}}}/{verb}/", ok, 404, denied=denied, body=body)


# Whoever sees goods go from Zhang to Feng or back.
PARTIES = "lin wang gao li zhao chen zhang feng sun reader"
# Producers say what they harvested and made; the season is kept by its holder and the registrar.
BOOKS = (
    row("GET", f"{TRACE}quota/", SIGNED_IN),
    row("POST", f"{TRACE}quota/", "lin chen", body="an entitlement of Zhang's"),
    *(
        row("GET", f"{TRACE}quota/{{{owner}.entitlement}}/{rest}", seen, 404)
        for owner, seen in (("zhang", ZHANGS_AND_CHEN), ("feng", FENGS_AND_CHEN))
        for rest in ("", "postings/", "history/")
    ),
    *(
        posting(verb, owner, "lin chen" if is_kept else owner, seen, body.format(owner=owner))
        for owner, seen in (("zhang", ZHANGS_AND_CHEN), ("feng", FENGS_AND_CHEN))
        for verb, is_kept, body in (
            ("harvest", False, "some litres"),
            ("process", False, "some goods"),
            ("penalty", True, "some litres"),
            ("reverse", True, "a harvest of {owner}'s"),
        )
    ),
    *(
        row("GET", f"{TRACE}label-orders/{{{owner}.order}}/{rest}", seen, 404)
        for owner, seen in (("zhang", ZHANGS_AND_CHEN), ("feng", FENGS_AND_CHEN))
        for rest in ("", "ranges/", "history/")
    ),
    *(
        ordering(verb, f"{owner}.{order}", owner if is_maker else officials, seen, body)
        for owner, seen, officials in (
            ("zhang", ZHANGS_AND_CHEN, "lin wang li chen"),
            ("feng", FENGS_AND_CHEN, "lin gao zhao chen"),
        )
        for verb, order, is_maker, body in (
            ("approve", "asked_order", False, "a reason"),
            ("refuse", "asked_order", False, "a reason"),
            ("issue", "approved_order", False, "a reason"),
            ("cancel", "approved_order", True, "a reason"),
            ("activate", "order", True, f"labels on {owner}'s packs"),
            ("spoil", "order", True, "labels of the order"),
            ("lose", "order", True, "labels of the order"),
            ("return", "order", False, "labels of the order"),
            ("destroy", "order", False, "labels before witnesses"),
        )
    ),
    row("GET", f"{TRACE}label-orders/", SIGNED_IN),
    row("POST", f"{TRACE}label-orders/", "zhang", unknown="feng ma", body="an order of Zhang's"),
    row("GET", f"{TRACE}transfers/", SIGNED_IN),
    row("POST", f"{TRACE}transfers/", "zhang", unknown="feng ma", body="goods for Feng"),
    *(
        row("GET", f"{TRACE}transfers/{{{owner}.offer}}/{rest}", PARTIES, 404)
        for owner in ("zhang", "feng")
        for rest in ("", "history/")
    ),
    *(
        row(
            "POST",
            f"{TRACE}transfers/{{{owner}.offer}}/{verb}/",
            who,
            404,
            denied=" ".join(name for name in PARTIES.split() if name not in who.split()),
            body="a reason",
        )
        for verb, owner, who in (
            *((verb, *pair) for verb in ("accept", "decline") for pair in (("feng", "zhang"), ("zhang", "feng"))),
            # The season is kept by the registrar and a holder of the name.
            ("withdraw", "zhang", "zhang lin chen"),
            ("withdraw", "feng", "feng lin chen"),
        )
    ),
    row("POST", f"{TRACE}seasons/{{growers.past_season}}/close/", "lin", body="a reason"),
    row("GET", f"{TRACE}seasons/{{chen.past_season}}/", SIGNED_IN),
    row("POST", f"{TRACE}seasons/{{chen.season}}/open/", "lin chen", 404, denied="wang li sun", body="a reason"),
)

_BOTH_SIDES = "lin wang gao li zhao sun chen zhang feng reader"
MADE_OF = (
    *(
        row("GET", f"{TRACE}batches/{{{owner}.released}}/genealogy{rest}", seen, 404)
        for owner, seen in (("zhang", ZHANGS_AND_CHEN), ("feng", FENGS_AND_CHEN))
        for rest in ("/", ".csv")
    ),
    *(
        row("GET", f"{TRACE}batches/{{{owner}.released}}/evidence.zip", seen, 404)
        for owner, seen in (("zhang", ZHANGS_AND_CHEN), ("feng", FENGS_AND_CHEN))
    ),
    *step("genealogy", "draft", "zhang", "feng", body="an input"),
    row("GET", f"{TRACE}batch-links/", SIGNED_IN),
    *(
        rows
        for owner, of in (("feng", "zhang"), ("zhang", "feng"))
        for path in [f"{TRACE}batch-links/{{{owner}.link}}/"]
        for rows in (
            row("GET", path, _BOTH_SIDES, 404),
            row("POST", f"{path}confirm/", of, 404, denied=without(_BOTH_SIDES, of), body="nothing"),
            row("POST", f"{path}end/", "zhang feng", 404, denied=without(_BOTH_SIDES, "zhang feng"), body="a reason"),
        )
    ),
)


def of_recall(method: str, path: str, ok: str, seen: str, body: str = "") -> Row:
    """Something about a recall; whoever sees it and is not named is denied."""
    return row(method, f"{TRACE}recalls/{{{path}", ok, 404, denied=without(seen, ok), body=body)


# Until it is confirmed the holder of the title is not told.
RECALLS = (
    row("GET", f"{TRACE}recalls/", SIGNED_IN),
    row("POST", f"{TRACE}recalls/", "lin wang li zhang", unknown="gao zhao feng ma", body="a recall of Zhang's"),
    row("POST", f"{TRACE}recalls/preview/", "lin wang li zhang", unknown="gao zhao feng ma", body="goods of Zhang's"),
    *(
        of_recall("GET", f"{owner}.{thing}}}/{rest}", seen, seen)
        for owner, told, led in (("zhang", ZHANGS_AND_CHEN, ZHANGS), ("feng", FENGS_AND_CHEN, FENGS))
        for thing, seen in (("recall", told), ("open_recall", led))
        for rest in ("", "reach/", "items/", "items.csv", "notices/", "history/")
    ),
    *(
        rows
        for owner, told, led, officials in (
            ("zhang", ZHANGS_AND_CHEN, ZHANGS, "lin wang li"),
            ("feng", FENGS_AND_CHEN, FENGS, "lin gao zhao"),
        )
        for rows in (
            of_recall("POST", f"{owner}.open_recall}}/confirm/", officials, led, "nothing"),
            of_recall("POST", f"{owner}.open_recall}}/withdraw/", f"{officials} {owner}", led, "a reason"),
            of_recall("POST", f"{owner}.recall}}/close/", officials, told, "a reason"),
            of_recall("POST", f"{owner}.recall}}/read/", owner, told, "nothing"),
            of_recall("POST", f"{owner}.recall}}/items/", f"{officials} {owner}", told, f"what came back to {owner}"),
        )
    ),
)

REPORTS = (
    row("GET", f"{TRACE}reports/", SIGNED_IN),
    *(
        row(method, f"{TRACE}reports/{{{owner}.report}}/{rest}", ok, 404, denied=denied, body=body)
        for method, rest, body, refused in (
            ("GET", "", "", ""),
            ("GET", "photo.jpg", "", ""),
            ("POST", "answer/", "an answer", "sun"),
        )
        for owner, seen in (("zhang", OFFICIALS_QINGXU), ("public", "lin sun"))
        for ok, denied in [(" ".join(who for who in seen.split() if who != refused), refused)]
    ),
)


def of_year(method: str, thing: str, verb: str, ok: str, seen: str, body: str = "") -> Row:
    """Something about an annual report; whoever sees it and is not named is denied."""
    return row(method, f"{TRACE}annual-reports/{{{thing}}}/{verb}", ok, 404, denied=without(seen, ok), body=body)


# What is being written is its maker's alone; what was sent is read by whoever sees the books, and decided by who approves labels.
YEARS = (
    row("GET", f"{TRACE}annual-reports/", SIGNED_IN),
    row("GET", f"{TRACE}annual-reports/sheet.xlsx?year=2025", SIGNED_IN),
    row("POST", f"{TRACE}annual-reports/", "zhang", unknown="feng ma", body="a year of Zhang's"),
    *(
        rows
        for owner, own, seen, deciding in (
            ("zhang", "zhang reader", ZHANGS_AND_CHEN, "lin wang li chen"),
            ("feng", "feng", FENGS_AND_CHEN, "lin gao zhao chen"),
        )
        for rows in (
            *(of_year("GET", f"{owner}.annual_draft", rest, own, own) for rest in ("", "history/")),
            *(of_year("GET", f"{owner}.annual_report", rest, seen, seen) for rest in ("", "history/")),
            of_year("PATCH", f"{owner}.annual_draft", "", owner, own, "what was sold"),
            of_year("POST", f"{owner}.annual_draft", "submit/", owner, own, "nothing"),
            *(
                of_year("POST", f"{owner}.annual_report", f"{verb}/", deciding, seen, "a reason")
                for verb in ("accept", "return")
            ),
        )
    ),
    row("GET", f"{TRACE}annual-report-due-dates/", SIGNED_IN),
    row("POST", f"{TRACE}annual-report-due-dates/", "lin chen", body="a due day of Chen's"),
)

_ITEMS = f"{OGC}collections/"
_SET = "/WebMercatorQuad"
_TILES = ("", _SET, f"{_SET}/tilejson", f"{_SET}/0/0/0", f"{_SET}/of-old/0/0/0")
MAP = (
    row("GET", OGC, EVERYBODY),
    row("GET", f"{OGC}conformance", EVERYBODY),
    row("GET", f"{OGC}api", EVERYBODY),
    row("GET", f"{OGC}collections", EVERYBODY),
    row("GET", f"{_ITEMS}regions", EVERYBODY),
    row("GET", f"{_ITEMS}sites", SIGNED_IN),
    row("GET", f"{OGC}tileMatrixSets", EVERYBODY),
    row("GET", f"{OGC}tileMatrixSets/WebMercatorQuad", EVERYBODY),
    *(row("GET", f"{here}tiles{rest}", EVERYBODY) for here in (OGC, f"{_ITEMS}regions/") for rest in _TILES),
    row("GET", f"{_ITEMS}regions/schema", EVERYBODY),
    row("GET", f"{_ITEMS}regions/queryables", EVERYBODY),
    row("GET", f"{_ITEMS}sites/queryables", SIGNED_IN),
    row("GET", f"{_ITEMS}batches/schema", SIGNED_IN),
    *(
        row("GET", f"{_ITEMS}{name}/items", EVERYBODY)
        for name in ("divisions", "regions", "indications", "producers", "site_cells")
    ),
    *(row("GET", f"{_ITEMS}{name}/items", SIGNED_IN) for name in ("sites", "batches", "checks")),
    row("GET", f"{_ITEMS}divisions/items/{{public.qingxu}}", EVERYBODY),
    row("GET", f"{_ITEMS}regions/items/{{public.region}}", EVERYBODY),
    row("GET", f"{_ITEMS}indications/items/{{public.vinegar}}-{{public.region}}", EVERYBODY),
    row("GET", f"{_ITEMS}producers/items/{{zhang.producer}}", EVERYBODY),
    row("GET", f"{_ITEMS}producers/items/{{ma.producer}}", "", 404, nobody=404),
    row("GET", f"{_ITEMS}sites/items/{{zhang.field}}", ZHANGS_AND_CHEN, 404),
    row("GET", f"{_ITEMS}sites/items/{{feng.orchard}}", FENGS, 404),
    row("GET", f"{_ITEMS}sites/items/{{ma.field}}", MAS, 404),
    row("GET", f"{_ITEMS}batches/items/{{zhang.released}}", ZHANGS_AND_CHEN, 404),
    row("GET", f"{_ITEMS}batches/items/{{feng.released}}", FENGS_AND_CHEN, 404),
    row("GET", f"{_ITEMS}batches/items/{{zhang.draft}}", "", 404),
)

TABLE = (
    *PLACES,
    *NAMES,
    *TITLES,
    *MAKERS,
    *UPLOADS,
    *RIGHTS,
    *GOODS,
    *CODES,
    *SHEETS,
    *LINKS,
    *BOOKS,
    *MADE_OF,
    *RECALLS,
    *REPORTS,
    *YEARS,
    *MAP,
)


def _title(world: World, indication: str, holder: str) -> dict[str, Any]:
    named = {"indication": world.number(indication), "holder": world.number(holder)}
    return {**named, "kind": "collective_mark", "status": "filed", "confidence": "low"}


def _producer(world: World, organisation: Any) -> dict[str, Any]:
    return {"organisation": organisation.number, "division": organisation.division_code}


def _site(world: World, producer: str, *box: float) -> dict[str, Any]:
    named = {"producer": world.number(producer), "indication": world.number("public.vinegar")}
    return {**named, "kind": "field", "name": "北地", "geometry": a_square(*box)}


def _file(world: World, producer: str, *box: float) -> dict[str, Any]:
    return {"producer": world.number(producer), "indication": world.number("public.vinegar"), "file": fields(box)}


def _application(world: World, producer: str, site: str) -> dict[str, Any]:
    named = {"producer": world.number(producer), "title": world.number("chen.mark")}
    return {**named, "sites": [world.number(site)]}


def _season(world: World, indication: str) -> dict[str, Any]:
    days = {"opens_on": "2027-09-01", "closes_on": "2027-12-31"}
    return {"indication": world.number(indication), "name": "2027 年产季", **days}


def body_of(name: str, world: World) -> dict[str, Any]:
    """A body that is in order for whoever may send it."""
    cast, number = world.cast, world.number
    if name in _FIXED:
        return _FIXED[name]
    return {
        "a season of vinegar": lambda: _season(world, "public.vinegar"),
        "a season of pears": lambda: _season(world, "public.pears"),
        "a mark of Chen's": lambda: _title(world, "public.vinegar", "chen.holder"),
        "a mark of the growers'": lambda: _title(world, "public.pears", "growers.holder"),
        "a specification": lambda: {"title": number("chen.mark"), "label_zh": "第一版", **_DEMANDS},
        "a producer in Qingxu": lambda: _producer(world, cast.chen.organisation),
        "a producer in Qi": lambda: _producer(world, world.things["growers.holder"].organisation),
        "a site of Zhang's": lambda: _site(world, "zhang.producer", 112.08, 37.45, 112.081, 37.451),
        "a site of Ma's": lambda: _site(world, "ma.producer", 112.09, 37.45, 112.091, 37.451),
        "a file of Zhang's": lambda: _file(world, "zhang.producer", 112.08, 37.45, 112.081, 37.451),
        "a file of Ma's": lambda: _file(world, "ma.producer", 112.09, 37.45, 112.091, 37.451),
        "a sheet of Zhang's": lambda: {
            "file": text([batch_row(world.goods, 7)]),
            "kind": "batches",
            "producer": number("zhang.producer"),
        },
        "a report": lambda: {"file": b"%PDF-1.7 another", "kind": "test_report"},
        "an application of Zhang's": lambda: _application(world, "zhang.producer", "zhang.field"),
        "an application of Ma's": lambda: _application(world, "ma.producer", "ma.field"),
        "Ma's field": lambda: {"sites": [number("ma.field")], **REASON},
        "Feng's field": lambda: {"sites": [number("feng.field")], **REASON},
        "a form of Zhang's": lambda: {
            **_FORM,
            "producer": number("zhang.producer"),
            "indication": number("public.vinegar"),
        },
        "an address for Zhang's bottle": lambda: {**_ADDRESS, "form": number("zhang.form")},
        "an address for Chen's title": lambda: {**_ADDRESS, "title": number("chen.title")},
        "a batch of Zhang's": lambda: world.goods.body(state="registered"),
        "an entitlement of Zhang's": lambda: {
            "season": number("chen.past_season"),
            "producer": number("zhang.producer"),
            "factors": [{"site": number("zhang.field"), "factor": "0.5"}],
        },
        "labels on zhang's packs": lambda: {"first": 6, "last": 9, "batch": number("zhang.spring")},
        "labels on feng's packs": lambda: {"first": 6, "last": 9, "batch": number("feng.spring")},
        "an order of Zhang's": lambda: {
            "season": number("chen.past_season"),
            "form": number("zhang.form"),
            "count": 12,
        },
        "goods for Feng": lambda: {
            "entitlement": number("zhang.entitlement"),
            "taker": number("feng.producer"),
            "kind": "raw",
            "quantity": "2.5",
        },
        "goods of Zhang's": lambda: {"scope": "batch", "batch": number("zhang.released")},
        "a recall of Zhang's": lambda: {"scope": "batch", "batch": number("zhang.released"), **REASON},
        "what came back to zhang": lambda: {"batch": number("zhang.called"), "quantity": "2.5"},
        "what came back to feng": lambda: {"batch": number("feng.called"), "quantity": "2.5"},
        "a harvest of zhang's": lambda: {"posting": number("zhang.harvest"), **REASON},
        "a harvest of feng's": lambda: {"posting": number("feng.harvest"), **REASON},
        "an input": lambda: {
            "parent": number("zhang.released"),
            "kind": "blend",
            "quantity": "20",
            "unit": "litre",
        },
        "a year of Zhang's": lambda: {"authorisation": number("zhang.old_authorisation"), "year": 2016, **_SOLD},
        "a due day of Chen's": lambda: {
            "title": number("chen.old_mark"),
            "year": 2024,
            "due_on": "2099-03-31",
            "source": "清徐县陈醋协会 2026 年第 9 号通知",
        },
        "a PIN": lambda: {
            "code": f"{number('zhang.released')}/{code_of(world.things['zhang.issuance'])}",
            "pin": "00000000",
        },
    }[name]()


# What the files in a body are called.
FILES = {"file": "plots.geojson", "photo": "photo.jpg"}


def sending(body: dict[str, Any]) -> dict[str, Any]:
    """How the test client sends a body: as JSON, or as a form where there is a file (bytes) in it."""
    files = {name: SimpleUploadedFile(FILES[name], part) for name, part in body.items() if isinstance(part, bytes)}
    if files:
        # Encoded here: the client does so for POST alone, and PUT is sent as it stands.
        form = encode_multipart(BOUNDARY, {**body, **files})
        return {"data": form, "content_type": f"multipart/form-data; boundary={BOUNDARY}"}
    return {"data": body, "content_type": "application/json"}


_FORM = {"name_zh": "十年陈酿醋", "net_content": "500", "net_content_unit": "millilitre", "packing": "陶瓶"}
_SOLD = {
    "sales_value": "1250000.50",
    "quantity_sold": "960",
    "quantity_unit": "litre",
    "remarks": "市场抽检一次，合格。",
}
_ADDRESS = {"kind": "recipeInfo", "href": "https://www.zhangji-cu.cn/recipes", "label_zh": "食谱", "language": "zh"}
_DEMANDS = {
    "facts": [{"key": "ageing", "label_zh": "陈酿期", "operator": "min", "low": "12", "unit": "month"}],
    "rules": [{"kind": "ageing_min", "fact": "ageing", "severity": "block"}],
}
_DIGEST = "7a" * 32
_FIXED: dict[str, dict[str, Any]] = {
    "what is right": {"leave_out": True},
    "some evidence": {
        "items": [
            {"kind": "step", "text": "陈酿", "began_on": "2025-10-10", "ended_on": "2026-09-10"},
            {
                "kind": "measurement",
                "key": "acid",
                "value": "6.2",
                "unit": "gram_per_100_ml",
                "laboratory": "省食品检验院（示例）",
                "document_sha256": _DIGEST,
            },
        ]
    },
    "a signature": {
        "items": [{"kind": "attestation", "key": "taste", "is_met": True, "document_sha256": _DIGEST}],
    },
    "nothing": {},
    "a photo": {"photo": a_photo()},
    "a reason": REASON,
    "a region": {
        "slug": "qi-vinegar",
        "name_zh": "祁县陈醋产地范围",
        "name_en": "Qi vinegar region",
        "source_text": "祁县现辖行政区域",
        "accuracy_m": 1000,
        "division_codes": ["140727"],
    },
    "a boundary": {"zone": "core", "valid_from": "2020-01-01", "method": "divisions", "division_codes": ["140121"]},
    "some points": {"crs": "CRS84", "points": [[112.05, 37.45], [112.405, 37.5]]},
    "some shapes": {"shapes": [a_square(112.08, 37.45, 112.081, 37.451)]},
    "an end": {"ended_on": "2026-11-01", **REASON},
    "an indication": {
        "name_zh": "祁县核桃",
        "category": "坚果",
        "main_division_code": "140727",
        "division_codes": ["140727"],
        "confidence": "low",
    },
    "a name": {"name_en": "Another name", **REASON},
    "a holder": {"name_zh": "祁县核桃协会"},
    "another season": {"closes_on": "2027-01-31", **REASON},
    "a note": {"source_note_zh": "核对公告原文", **REASON},
    "to change pending": {"to": "change_pending", **REASON},
    "to withdrawn": {"to": "withdrawn", **REASON},
    "to refused": {"to": "refused", "document_sha256": "5e" * 32, **REASON},
    "a label": {"label_zh": "2027 修订版", **REASON},
    "to reviewed": {"to": "reviewed", **REASON},
    "an introduction": {"intro_zh": "三代酿醋。", **REASON},
    "a review": {"is_accepted": True, "note": "实地核查，在范围内。"},
    "to submitted": {"to": "submitted", **REASON},
    "to origin checked": {"to": "origin_checked", **REASON},
    "to suspended": {"to": "suspended", **REASON},
    "to rectifying": {"to": "rectifying", "deadline_on": "2099-01-01", **REASON},
    "a yes": {"is_accepted": True},
    "a switch": {"is_active": False},
    "rows to leave out": {"leave_out": [2]},
    "what was sold": _SOLD,
    "a quantity": {"quantity": "900.000"},
    "a question": {"is_open": True, **REASON},
    "some codes": {"count": 3},
    "some labels": {"first": 0, "last": 5, "preset": "40x30"},
    "a quota": {
        "raw_unit": "kilogram",
        "goods_unit": "litre",
        "yield_raw": "1.000",
        "yield_goods": "4.000",
        "cap": "500000.000",
        "source": "清徐县陈醋协会 2026 年第 3 号通知",
        "ceilings": [
            {
                "zone_zh": "清徐县",
                "division_code": "140121",
                "site_kind": "field",
                "basis": "per_mu",
                "amount": "320.0000",
                "origin": "holder_set",
                "source": "清徐县陈醋协会 2026 年第 3 号通知",
            }
        ],
        **REASON,
    },
    "labels of the order": {"first": 11, "last": 13, **REASON},
    "labels before witnesses": {"first": 1, "last": 3, "witnesses": ["王秀英", "李建国"], **REASON},
    "some litres": {"quantity": "12.5", **REASON},
    "some goods": {"raw": "20", "goods": "18.75", **REASON},
    "some units": {"first": 2, "last": 4, **REASON},
    "an answer": {"answer": "已到店核查，标签为旧版，商品属实。"},
}
