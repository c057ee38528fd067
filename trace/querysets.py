"""Named filters on goods. Closed by default: whoever is not named sees nothing."""

from typing import Self

from django.db import models

from gi_registry.lib.access import Actor
from products.querysets import held_by, produced_by, watched


class ProductFormQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A producer's own forms; officials see those of the producers in their places."""
        return self.filter(produced_by(actor, "producer__") | watched(actor, "producer__division__code"))

    def own_of(self, actor: Actor) -> Self:
        """The forms that this actor may make batches of."""
        return self.filter(produced_by(actor, "producer__"))


class BatchQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A producer's own batches; a holder's, those under its titles; an official's, those made in the places watched."""
        return self.filter(
            produced_by(actor, "producer__")
            | held_by(actor, "authorisation__title__")
            | watched(actor, "division_code")
        )

    def told(self) -> Self:
        """With everything that an answer shows, in a fixed number of queries."""
        return (
            self.select_related(
                "form",
                "producer__organisation",
                "producer__division",
                "indication",
                "authorisation__title__holder",
                "specification",
                "season",
                "tally",
            )
            .defer("producer__division__geom")
            .prefetch_related("sites")
        )


class CheckCountQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Of goods made in the places that an official watches, or under the titles that the actor holds."""
        return self.filter(held_by(actor, "title__") | watched(actor, "division_code"))
