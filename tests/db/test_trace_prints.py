"""Print jobs: drawn once whatever happens, gone on with where they stopped, and on record as printed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Forbidden, Invalid, Refused
from tests.build_codes import an_issuance, say_of
from tests.build_jobs import waiting, work_it_off
from tests.cast import NOW
from trace import actions
from trace.actions import PrintWish, file_of
from trace.labels.presets import PRESETS
from trace.models import IssuanceRange, PrintJob
from trace.printing import Style
from trace.rules.batches import BatchState
from trace.rules.issuances import RangeKind, Span
from trace.rules.prints import LABELS_A_PART, MOST_OPEN_JOBS, PrintState

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.PRINTS_DIR = tmp_path / "prints"


@pytest.fixture
def issuance(goods):
    return an_issuance(goods, goods.batch(BatchState.REGISTERED), 2_300)


TEN = Span(0, 9)


def queue(goods, issuance, span=TEN, key="A", actor=None, now=NOW, **style):
    wish = PrintWish(span, replace(Style(), **style), key)
    return actions.queue_print(issuance=issuance, wish=wish, actor=actor or goods.maker, now=now)


def printed(issuance):
    ranges = IssuanceRange.objects.filter(issuance=issuance, kind=RangeKind.PRINTED.value).order_by("pk")
    return [(said.first, said.last) for said in ranges]


def files(job):
    return [file_of(job, place).name for place, _ in enumerate(job.parts, start=1) if file_of(job, place).exists()]


def test_a_job_is_drawn_by_the_worker_and_recorded_as_printed(goods, issuance):
    job = queue(goods, issuance)
    assert (job.state, waiting()) == (PrintState.QUEUED, ["trace.print_labels"])
    assert printed(issuance) == []
    work_it_off()
    job.refresh_from_db()
    assert (job.state, job.done, job.finished_parts) == (PrintState.DONE, 10, [Span(0, 9)])
    assert file_of(job, 1).read_bytes().startswith(b"%PDF")
    assert file_of(job, 1).parent.stat().st_mode & 0o777 == 0o700
    assert printed(issuance) == [(0, 9)]
    assert (job.recorded.reason, job.recorded.by_name) == (job.number, goods.maker.name)


def test_a_second_press_of_the_button_asks_for_nothing_new(goods, issuance):
    first, second = queue(goods, issuance), queue(goods, issuance)
    assert first.pk == second.pk
    assert len(waiting()) == 1
    assert queue(goods, issuance, key="B").pk != first.pk


class Killed(Exception):
    """The worker ends in the middle, as by a kill."""


def clock_that(stop_at, do):
    """A clock that at its n-th reading does something."""
    readings = iter(range(1, 100))

    def tell_time():
        if next(readings) == stop_at:
            do()
        return LATER

    return tell_time


def killed():
    raise Killed


def test_a_job_that_was_killed_goes_on_after_its_last_finished_part(goods, issuance):
    job = queue(goods, issuance, Span(0, 2_299), preset=PRESETS["40x30"])
    # Readings of the clock: begun; a part drawn, a part noted, ...
    with pytest.raises(Killed):
        actions.print_labels(number=job.number, tell_time=clock_that(4, killed))
    job.refresh_from_db()
    assert (job.state, job.done) == (PrintState.RUNNING, LABELS_A_PART)
    assert len(files(job)) == 1
    file_of(job, 2).with_suffix(".part").write_bytes(b"half a file")
    drawn_at = file_of(job, 1).stat().st_mtime_ns
    actions.print_labels(number=job.number, tell_time=lambda: LATER)
    job.refresh_from_db()
    assert (job.state, job.done, job.done_before) == (PrintState.DONE, 2_300, LABELS_A_PART)
    assert (len(files(job)), file_of(job, 1).stat().st_mtime_ns) == (3, drawn_at)
    assert [path for path in file_of(job, 1).parent.iterdir() if path.suffix == ".part"] == []
    assert printed(issuance) == [(0, 2_299)]
    actions.print_labels(number=job.number, tell_time=killed)
    assert printed(issuance) == [(0, 2_299)]


def test_a_job_that_is_stopped_keeps_and_records_what_is_finished(goods, issuance):
    job = queue(goods, issuance, Span(0, 2_299))

    def stop():
        actions.cancel_print(job=PrintJob.objects.get(pk=job.pk), actor=goods.maker, now=LATER)

    actions.print_labels(number=job.number, tell_time=clock_that(5, stop))
    job.refresh_from_db()
    assert (job.state, job.done) == (PrintState.CANCELLED, LABELS_A_PART)
    assert job.finished_parts == [Span(0, LABELS_A_PART - 1)]
    assert printed(issuance) == [(0, LABELS_A_PART - 1)]
    again = actions.cancel_print(job=job, actor=goods.maker, now=LATER)
    assert (again.state, len(printed(issuance))) == (PrintState.CANCELLED, 1)


def test_a_job_that_was_stopped_before_it_began_leaves_nothing(goods, issuance):
    job = queue(goods, issuance)
    actions.cancel_print(job=job, actor=goods.maker, now=NOW)
    work_it_off()
    job.refresh_from_db()
    assert (job.state, files(job), printed(issuance)) == (PrintState.CANCELLED, [], [])


def test_codes_that_are_withdrawn_meanwhile_are_drawn_no_further(goods, issuance):
    job = queue(goods, issuance, Span(0, 2_299))

    def void():
        actions.void_issuance(issuance=issuance, actor=goods.maker, now=LATER, reason="停用")

    actions.print_labels(number=job.number, tell_time=clock_that(3, void))
    job.refresh_from_db()
    assert (job.state, job.done) == (PrintState.FAILED, LABELS_A_PART)
    assert job.fault.en == "This issuance is void."
    assert printed(issuance) == []


def test_a_reprint_is_recorded_again_and_called_one(goods, issuance):
    for key, span in (("A", Span(0, 9)), ("B", Span(10, 12)), ("C", Span(5, 6))):
        queue(goods, issuance, span, key)
        work_it_off()
    assert printed(issuance) == [(0, 9), (10, 12), (5, 6)]
    reasons = [job.recorded.reason for job in PrintJob.objects.order_by("pk")]
    assert [reason.startswith("重印") for reason in reasons] == [False, False, True]


def test_a_font_that_lacks_a_character_is_refused_when_the_run_is_asked_for(goods, issuance, settings):
    settings.LABEL_FONT = "/no/such/font.ttf"
    with pytest.raises(Refused) as refused:
        queue(goods, issuance)
    assert refused.value.errors[0].code == "no_font"
    assert waiting() == []


def test_a_font_that_is_gone_when_the_worker_comes_fails_the_job_with_the_reason(goods, issuance, settings):
    job = queue(goods, issuance)
    settings.LABEL_FONT = "/no/such/font.ttf"
    work_it_off()
    job.refresh_from_db()
    assert job.state == PrintState.FAILED
    assert "apt-get install" in job.fault.zh


def test_only_the_maker_prints_and_only_codes_that_may_be_handed_out(goods, issuance, cast):
    with pytest.raises(Forbidden):
        queue(goods, issuance, actor=cast.feng.actor)
    with pytest.raises(Forbidden):
        queue(goods, issuance, actor=Actor.SYSTEM)
    with pytest.raises(Invalid):
        queue(goods, issuance, Span(2_299, 2_300))
    actions.void_issuance(issuance=issuance, actor=goods.maker, now=NOW, reason="停用")
    with pytest.raises(Refused):
        queue(goods, issuance)


def test_a_producer_has_so_many_jobs_at_a_time(goods, issuance):
    for place in range(MOST_OPEN_JOBS):
        queue(goods, issuance, key=f"K{place}")
    with pytest.raises(Refused) as refused:
        queue(goods, issuance, key="one more")
    assert refused.value.errors[0].code == "prints_open"


def test_a_job_that_stands_still_is_taken_up_again_once(goods, issuance):
    job = queue(goods, issuance)
    actions.resume_print(job=job, actor=goods.maker, now=LATER)
    assert len(waiting()) == 1
    much_later = NOW + timedelta(minutes=6)
    for _ in range(2):
        actions.resume_print(job=job, actor=goods.maker, now=much_later)
    assert len(waiting()) == 2


def test_files_are_thrown_away_after_a_week(goods, issuance):
    job = queue(goods, issuance)
    actions.print_labels(number=job.number, tell_time=lambda: NOW)
    assert actions.forget_prints(now=NOW + timedelta(days=6)) == 0
    assert actions.forget_prints(now=NOW + timedelta(days=8)) == 1
    job.refresh_from_db()
    assert (job.finished_parts, files(job)) == ([], [])
    assert actions.forget_prints(now=NOW + timedelta(days=9)) == 0


def test_what_is_withdrawn_is_not_printed_again(goods, issuance):
    queue(goods, issuance)
    work_it_off()
    say_of(goods, issuance, RangeKind.SPOILED, 3)
    with pytest.raises(Refused) as refused:
        queue(goods, issuance, key="B")
    assert "3" in refused.value.errors[0].text.zh
    queue(goods, issuance, Span(4, 9), key="C")
    work_it_off()
    assert printed(issuance) == [(0, 9), (4, 9)]
