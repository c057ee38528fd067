"""Product forms."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import IF_MATCH, ScopedAPIView, listed
from trace import actions, policy
from trace.models import ProductForm
from trace.querysets import ProductFormQuerySet
from trace.serializers import FormChangeIn, FormFilterIn, FormIn, FormOut, FormPhotoIn, form_content_of, maker_of


def seen_by(actor: Actor) -> ProductFormQuerySet:
    forms = ProductForm.objects.visible_to(actor).select_related("producer__organisation", "indication", "photo")
    return forms.defer("indication__grams", "photo__jpeg")


class FormListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": policy.make}

    @listed("trace_forms_list", FormOut, FormFilterIn)
    def get(self, request: Request) -> Response:
        """Product forms that you may see, newest first."""
        asked = self.read_query(FormFilterIn)
        rows = self.rows()
        if "indication" in asked:
            rows = rows.filter(indication__slug=asked["indication"])
        if asked["is_active"] is not None:
            rows = rows.filter(is_active=asked["is_active"])
        return self.page(rows, FormOut)

    @extend_schema(operation_id="trace_forms_create", request=FormIn, responses={201: FormOut})
    def post(self, request: Request) -> Response:
        """Describe an article: name, net content, packing, and its GTIN if it has one."""
        self.permit()
        data = self.read(FormIn)
        producer, indication = maker_of(self.actor, data)
        form = actions.create_form(
            producer=producer,
            indication=indication,
            content=form_content_of(data),
            actor=self.actor,
            now=clock.now(),
        )
        return self.created(FormOut(form).data, reverse("trace-form", args=[form.number]), form)


class FormView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "PATCH": policy.make}

    @extend_schema(operation_id="trace_forms_read", responses=FormOut)
    def get(self, request: Request, number: str) -> Response:
        """One product form."""
        form = self.fetch(number=number)
        return self.ok(FormOut(form).data, form)

    @extend_schema(operation_id="trace_forms_change", request=FormChangeIn, responses=FormOut, parameters=[IF_MATCH])
    def patch(self, request: Request, number: str) -> Response:
        """Change a product form. What is printed on packs is fixed once a batch is registered with it."""
        form = self.fetch(number=number)
        self.match(form)
        content = form_content_of(self.read(FormChangeIn, partial=True), form)
        actions.change_form(form=form, content=content, actor=self.actor, now=clock.now())
        form = self.fetch(number=number)
        return self.ok(FormOut(form).data, form)


class FormPhotoView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"PUT": policy.make, "DELETE": policy.make}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="trace_forms_photo_set",
        request={"multipart/form-data": FormPhotoIn},
        responses=FormOut,
        parameters=[IF_MATCH],
    )
    def put(self, request: Request, number: str) -> Response:
        """Show a photo of the article on the verdict pages of its batches, in place of any before."""
        form = self.fetch(number=number)
        self.match(form)
        photo = self.read(FormPhotoIn)["photo"].read()
        actions.set_photo(form=form, photo=photo, actor=self.actor, now=clock.now())
        form = self.fetch(number=number)
        return self.ok(FormOut(form).data, form)

    @extend_schema(operation_id="trace_forms_photo_remove", responses={200: FormOut}, parameters=[IF_MATCH])
    def delete(self, request: Request, number: str) -> Response:
        """Take the photo away. The article as it then is."""
        form = self.fetch(number=number)
        self.match(form)
        actions.remove_photo(form=form, actor=self.actor, now=clock.now())
        form = self.fetch(number=number)
        return self.ok(FormOut(form).data, form)
