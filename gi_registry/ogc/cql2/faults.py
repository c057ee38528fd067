"""Every way in which a filter can be wrong, as 400 problems that point at the parameter and say what to write instead."""

from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text

MAX_BYTES = 8_000
MAX_DEPTH = 60
# Beyond this a number of JSON is no longer exact.
MAX_NUMBER = 2**53 - 1

_SHOWN = 60
_FAULTS = {
    "filter_lang": Text("filter-lang 应为 cql2-text 或 cql2-json。", "filter-lang must be cql2-text or cql2-json."),
    "filter_too_long": Text(
        f"filter 不得超过 {MAX_BYTES} 字节。", f"A filter may hold {MAX_BYTES} bytes at most."
    ),
    "filter_too_deep": Text(
        f"filter 的嵌套不得超过 {MAX_DEPTH} 层。", f"A filter may nest {MAX_DEPTH} levels deep at most."
    ),
    "filter_characters": Text("filter 含有不可用的字符。", "The filter holds characters that cannot be used."),
    "filter_syntax": Text(
        "无法理解 filter：第 {at} 个字符处的“{near}”不应出现。",
        "The filter cannot be read: “{near}” is not expected at character {at}.",
    ),
    "filter_ends": Text("filter 不完整。", "The filter ends too early."),
    "filter_json": Text("filter 不是有效的 JSON。", "The filter is not valid JSON."),
    "unknown_property": Text("没有可供查询的属性“{name}”。", "There is no queryable named “{name}”."),
    "unknown_operator": Text("不支持“{name}”。", "“{name}” is not supported."),
    "filter_arguments": Text("“{name}”的参数个数或形式不对。", "“{name}” is given the wrong arguments."),
    "filter_condition": Text("此处应为条件，而不是值：{near}", "A condition is expected here, not a value: {near}"),
    "filter_value": Text("此处应为值：{near}", "A value is expected here: {near}"),
    "filter_null": Text("与空值比较请用 IS NULL。", "Use IS NULL to ask for missing values."),
    "filter_types": Text(
        "无法用“{op}”比较 {left} 与 {right}。", "“{op}” cannot compare {left} with {right}."
    ),
    "filter_list": Text(
        "“{name}”是列表，请用 A_CONTAINS 等函数。", "“{name}” is a list: ask with A_CONTAINS and its kin."
    ),
    "filter_number": Text(
        f"数值的绝对值不得超过 {MAX_NUMBER}。", f"Numbers may not lie beyond {MAX_NUMBER} either side of zero."
    ),
    "filter_pattern": Text("LIKE 的模式应为文本，且不得以单个“\\”结尾。", "LIKE wants a text that does not end with a single “\\”."),
    "filter_date": Text(
        "“{near}”不是日期（2026-11-22）或时刻（2026-11-22T04:00:00Z）。",
        "“{near}” is no date (2026-11-22) and no instant (2026-11-22T04:00:00Z).",
    ),
    "filter_backwards": Text("区间的起点晚于终点。", "The interval starts after it ends."),
    "filter_geometry": Text("无法使用此几何：{reason}", "The geometry cannot be used: {reason}"),
    "filter_collection": Text(
        "GEOMETRYCOLLECTION 只能用于 S_INTERSECTS 与 S_DISJOINT。",
        "A GEOMETRYCOLLECTION can only be used with S_INTERSECTS and S_DISJOINT.",
    ),
    "filter_collections": Text(
        "比较的两边不能都是 GEOMETRYCOLLECTION。", "Only one side of a comparison can be a GEOMETRYCOLLECTION."
    ),
}  # fmt: skip


def fault(code: str, pointer: str = "/filter", **said: object) -> Invalid:
    """The refusal of that code. What the client wrote is cut short in it."""
    shown = {name: str(value)[:_SHOWN].replace("\x00", "") for name, value in said.items()}
    return Invalid(Refusal(code, _FAULTS[code].format(**shown), pointer))
