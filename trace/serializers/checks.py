"""The answer to a check, as the API document shows it. The answer itself is built in ``trace/answers.py``: this is the
most asked address of all, and a test holds both to each other."""

from rest_framework import serializers

from gi_registry.lib.shapes import Out, TextOut, WordField
from products.rules.words import TitleKind, TitleStatus
from trace.rules.batches import BatchState
from trace.rules.copies import PUBLIC_REASONS
from trace.rules.quantities import QuantityUnit
from trace.rules.typed import Kind
from trace.rules.verdicts import Verdict
from trace.rules.wording import Tone


class CheckTitleOut(Out):
    number = serializers.CharField(allow_null=True)
    announcement_number = serializers.CharField(allow_null=True)
    kind = WordField(TitleKind)
    kind_name = TextOut()
    status = WordField(TitleStatus)
    status_name = TextOut()
    recognised_on = serializers.DateField(allow_null=True)
    stands = serializers.BooleanField()
    is_ground = serializers.BooleanField(help_text="The title under which the producer of this batch is authorised.")


class CheckIndicationOut(Out):
    slug = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    category = serializers.CharField()
    titles = CheckTitleOut(many=True)


class CheckCountyOut(Out):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class CheckProducerOut(Out):
    """A household is told by the name and credit code of the body that vouches for it."""

    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    uscc = serializers.CharField()
    number = serializers.CharField(allow_null=True)
    is_household = serializers.BooleanField()
    county = CheckCountyOut()
    is_demo = serializers.BooleanField()


class CheckPhotoOut(Out):
    url = serializers.CharField(help_text="A JPEG; what stands at an address never changes.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class CheckProductOut(Out):
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    net_content = serializers.CharField()
    net_content_unit = WordField(QuantityUnit)
    net_content_text = TextOut()
    packing = serializers.CharField(allow_blank=True)
    gtin = serializers.CharField(allow_null=True)
    photo = CheckPhotoOut(allow_null=True)


class CheckBatchOut(Out):
    number = serializers.CharField()
    state = WordField(BatchState)
    state_reason = serializers.CharField(allow_null=True)
    producer_lot = serializers.CharField(allow_null=True)
    harvested_on = serializers.DateField(allow_null=True)
    produced_from = serializers.DateField(allow_null=True)
    produced_on = serializers.DateField()
    packed_on = serializers.DateField(allow_null=True)
    best_before_on = serializers.DateField(allow_null=True)
    registered_at = serializers.DateTimeField()
    released_at = serializers.DateTimeField(allow_null=True)


class CheckRegionOut(Out):
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    number = serializers.CharField()
    slug = serializers.CharField()


class CheckAuthorisationOut(Out):
    number = serializers.CharField()
    approval_reference = serializers.CharField(allow_null=True)
    stood_at_production = serializers.BooleanField()
    stands_now = serializers.BooleanField()
    valid_until = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)


class CheckSpecificationOut(Out):
    number = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    standards = serializers.ListField(child=serializers.CharField())


class CheckSeasonOut(Out):
    name = serializers.CharField()
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()


class CheckLogOut(Out):
    """The newest entry of the lot in the open log, the file that proves it (C2SP tlog-proof), and the page of all of them."""

    object = serializers.CharField()
    entry = serializers.IntegerField(min_value=0)
    proof = serializers.URLField()
    history = serializers.URLField()


class CheckCountOut(Out):
    """Distinct checks of this lot, or for a unit code of this unit: one a device a day. A look at the page is none."""

    count = serializers.IntegerField()
    first_on = serializers.DateField(allow_null=True)
    first_province = serializers.CharField(allow_null=True)


class CheckReasonOut(Out):
    code = serializers.ChoiceField(choices=[reason.value for reason in PUBLIC_REASONS])
    zh = serializers.CharField()
    en = serializers.CharField()


class CheckUnitOut(Out):
    """Of a unit code: why it is watched, as far as everybody may know, and whether its hidden PIN was given."""

    reasons = CheckReasonOut(many=True)
    has_pin = serializers.BooleanField()
    opened_on = serializers.DateField(allow_null=True)


class CheckNoteOut(Out):
    code = serializers.CharField()
    zh = serializers.CharField()
    en = serializers.CharField()


class CheckOut(Out):
    """The same keys for every verdict; what may not be told is null."""

    verdict = WordField(Verdict)
    title = TextOut()
    statement = TextOut()
    advice = TextOut()
    tone = WordField(Tone)
    proves = TextOut(many=True)
    does_not_prove = TextOut(many=True)
    grade = serializers.IntegerField(allow_null=True, min_value=0, max_value=3)
    kind = WordField(Kind)
    lot = serializers.CharField(allow_null=True)
    code = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    indication = CheckIndicationOut(allow_null=True)
    producer = CheckProducerOut(allow_null=True)
    product = CheckProductOut(allow_null=True)
    batch = CheckBatchOut(allow_null=True)
    region = CheckRegionOut(allow_null=True)
    authorisation = CheckAuthorisationOut(allow_null=True)
    specification = CheckSpecificationOut(allow_null=True)
    season = CheckSeasonOut(allow_null=True)
    checks = CheckCountOut()
    unit = CheckUnitOut(allow_null=True)
    log = CheckLogOut(allow_null=True, help_text="Where the open log tells of the lot; null until it does.")
    notes = CheckNoteOut(many=True)
    as_of = serializers.DateTimeField()


class CountedOut(Out):
    """After a beacon: how many distinct checks there are of the unit or else the lot, and whether this one was new."""

    count = serializers.IntegerField()
    is_new = serializers.BooleanField()
    first_on = serializers.DateField(allow_null=True)
