"""Long lists in pages by keyset: a page costs the same at the end of a list as at its start, and rows never repeat."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text

MAX_PAGE_SIZE = 1000
_SIZE = Text("page_size 应为 1 至 1000 的整数。", "page_size must be a whole number from 1 to 1000.")
_CURSOR = Text("游标无效，请从第一页重新开始。", "The cursor is not valid. Start again from the first page.")


class KeysetPagination(CursorPagination):
    """Newest first by primary key; REST framework's cursor, with bad values refused instead of guessed."""

    page_size = 50
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"
    ordering = "-id"

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("page_size")
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:5]) <= MAX_PAGE_SIZE):
            raise ValidationError({"page_size": [say(_SIZE)]}, code="page_size")
        return int(asked)

    def decode_cursor(self, request: Request) -> Any:
        asked = request.query_params.get(self.cursor_query_param)
        try:
            cursor = super().decode_cursor(request)
            if cursor is not None and cursor.position is not None:
                int(cursor.position)
        except Exception as error:
            raise ValidationError({"cursor": [say(_CURSOR)]}, code="cursor") from error
        if asked and (len(asked) > 200 or (cursor and cursor.offset > MAX_PAGE_SIZE)):
            raise ValidationError({"cursor": [say(_CURSOR)]}, code="cursor")
        return cursor

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        return super().paginate_queryset(queryset, request, view) or []
