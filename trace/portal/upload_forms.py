"""The questions about files: which file of whom, and which of its rows are not wanted."""

import re
import unicodedata
from typing import Any, ClassVar

from django import forms

from gi_registry.lib.language import say
from gi_registry.lib.spreadsheets import MAX_ROWS
from gi_registry.lib.texts import Text
from products.rules.uploads import MAX_FEATURES
from products.rules.words import SiteKind, UploadCrs
from trace.portal.choices import Choice
from trace.portal.forms import Asked, RadioCards, Words
from trace.rules.imports import ImportKind

Choices = list[tuple[str, Any]]

_EMPTY = Text("文件是空的。", "The file is empty.")
_NO_FILE = Text("请选择文件。", "Choose a file.")
_BY_ROW = Text("文件里写明了", "The file says it")
_BAD_ROWS = Text("请写行号，例如 3, 7-9。", "Write row numbers, such as 3, 7-9.")


class FileAsked(Asked):
    """Which file of whom. ``producers``: what there is to choose from."""

    producer = forms.ChoiceField(widget=RadioCards)
    # No list of endings: phones grey out files whose ending they do not know. The server tells a file by its bytes.
    file = forms.FileField(widget=forms.FileInput)

    def __init__(self, *args: Any, producers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["producer"].choices = producers
        said = {"invalid": say(_NO_FILE), "missing": say(_NO_FILE), "empty": say(_EMPTY)}
        self.fields["file"].error_messages.update(said)


class FileQuestion(FileAsked):
    """``indications``: what there is to choose from."""

    indication = forms.ChoiceField()
    kind = forms.ChoiceField(required=False)
    crs = forms.ChoiceField(required=False)
    words: ClassVar = {
        "producer": Words(
            Text("谁的场地", "Whose sites"), missing=Text("请选择是谁的场地。", "Choose whose sites they are.")
        ),
        "indication": Words(
            Text("地理标志", "Geographical indication"),
            missing=Text("请选择地理标志。", "Choose the geographical indication."),
        ),
        "file": Words(
            Text("文件", "File"),
            Text(
                "GeoJSON、压缩成 ZIP 的 Shapefile、GeoPackage，或表格。最大 5 MB（表格 2 MB），最多 1,000 处。",
                "GeoJSON, a Shapefile in a ZIP archive, a GeoPackage, or a spreadsheet. At most 5 MB (a spreadsheet 2 MB) and"
                " 1,000 sites.",
            ),
            _NO_FILE,
        ),
        "kind": Words(
            Text("场地类型", "Kind of site"),
            Text("用于文件里没有写类型的行。", "For rows of the file that name no kind."),
        ),
        "crs": Words(
            Text("坐标系", "Coordinate system"),
            Text("只在文件没有写明时选择。", "Choose one only where the file does not name its own."),
        ),
    }

    def __init__(self, *args: Any, indications: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indication"].choices = [("", "—"), *indications]
        self.fields["kind"].choices = [("", say(_BY_ROW)), *((word.value, say(word)) for word in SiteKind)]
        self.fields["crs"].choices = [("", say(_BY_ROW)), *((word.value, say(word)) for word in UploadCrs)]


class SheetQuestion(FileAsked):
    """A spreadsheet, and what its rows are."""

    kind = forms.ChoiceField(widget=RadioCards)
    words: ClassVar = {
        "producer": Words(Text("谁的", "Whose"), missing=Text("请选择是谁的。", "Choose whose they are.")),
        "file": Words(
            Text("文件", "File"),
            Text(
                f"xlsx、xls、ods 或 csv。最大 5 MB，最多 {MAX_ROWS:,} 行。",
                f"xlsx, xls, ods or csv. At most 5 MB and {MAX_ROWS:,} rows.",
            ),
            _NO_FILE,
        ),
        "kind": Words(Text("内容", "What it holds"), missing=Text("请选择内容。", "Choose what it holds.")),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(word.value, Choice(word.value, say(word))) for word in ImportKind]


class RowsField(forms.CharField):
    """``3, 7-9`` as numbers."""

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().to_python(value))
        rows: set[int] = set()
        for piece in re.sub(r"\s*[-–~—至]\s*", "-", re.sub("[,;、]", " ", text)).split():
            found = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", piece)
            if not found or int(found[2] or found[1]) < int(found[1]):
                raise forms.ValidationError(say(_BAD_ROWS), code="rows")
            rows.update(range(int(found[1]), int(found[2] or found[1]) + 1))
        return sorted(rows)[:MAX_FEATURES]


class LeaveOutQuestion(Asked):
    leave_out = RowsField(
        max_length=400, required=False, widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"})
    )
    words: ClassVar = {
        "leave_out": Words(
            Text("不登记的行", "Rows to leave out"), Text("行号，例如 3, 7-9。", "Row numbers, such as 3, 7-9.")
        )
    }
