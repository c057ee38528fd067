"""What the rows of the register must say for what was logged of them (gi_registry/openlog/held.py)."""

from collections.abc import Sequence

from gi_registry.openlog.held import Facts, Kind
from products.actions.logged import authorisation_facts, specification_facts, title_facts
from products.models import Authorisation, SpecificationVersion, Title
from products.rules import authorisations, titles
from products.rules.specifications import BINDING


def _titles(numbers: Sequence[str]) -> dict[str, Facts]:
    return {
        row.number: title_facts(row) for row in Title.objects.filter(number__in=numbers).select_related("indication")
    }


def _specifications(numbers: Sequence[str]) -> dict[str, Facts]:
    rows = SpecificationVersion.objects.filter(number__in=numbers).select_related("title").prefetch_related("rules")
    return {row.number: specification_facts(row) for row in rows}


def _authorisations(numbers: Sequence[str]) -> dict[str, Facts]:
    rows = Authorisation.objects.filter(number__in=numbers).select_related("title", "producer__organisation")
    return {row.number: {**authorisation_facts(row), "producer": row.producer.number} for row in rows}


KINDS = (
    Kind("title", _titles, lambda: Title.objects.filter(status__in=titles.PUBLIC)),
    Kind("specification", _specifications, lambda: SpecificationVersion.objects.filter(status__in=BINDING)),
    Kind(
        "authorisation",
        _authorisations,
        lambda: Authorisation.objects.filter(state__in=authorisations.PUBLIC),
        secret=frozenset({"producer"}),
    ),
)
