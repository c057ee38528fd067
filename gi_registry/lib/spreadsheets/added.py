"""The columns that we put before those of a workbook when it is handed back; when it comes again they are passed over. Pure."""

from gi_registry.lib.spreadsheets.folding import folded
from gi_registry.lib.texts import Text

FAULTS = Text("错误说明", "What is wrong")
MADE = Text("登记编号", "Registered as")
FAULTS_NAMES, MADE_NAMES = ({folded(text.zh), folded(text.en)} for text in (FAULTS, MADE))
