"""How a Chinese place name is spelt for people who type or read Latin letters."""

from pypinyin import Style, lazy_pinyin

from regions.rules.places import DivisionLevel

# Readings that a dictionary of single characters gets wrong; place names keep theirs.
_READINGS = {
    "长子": ("zhang", "zi"),
    "洪洞": ("hong", "tong"),
    "繁峙": ("fan", "shi"),
    "隰县": ("xi", "xian"),
    "盂县": ("yu", "xian"),
    "阳曲": ("yang", "qu"),
    "长治": ("chang", "zhi"),
    "曲沃": ("qu", "wo"),
    "河曲": ("he", "qu"),
    "万柏林": ("wan", "bai", "lin"),
    "尧都": ("yao", "du"),
}
_RANKS = {"省": "Province", "市": "City", "县": "County", "区": "District"}


def syllables_of(name: str) -> list[str]:
    """Toneless syllables, one a character: ``["zhang", "zi", "xian"]``."""
    for known, reading in _READINGS.items():
        if name.startswith(known):
            return [*reading, *lazy_pinyin(name[len(known) :], style=Style.NORMAL)]
    return lazy_pinyin(name, style=Style.NORMAL)


def pinyin_of(name: str) -> str:
    """All syllables run together, as people type them: ``zhangzixian``."""
    return "".join(syllables_of(name)).lower()


def initials_of(name: str) -> str:
    """First letters: ``zzx``."""
    return "".join(syllable[:1] for syllable in syllables_of(name)).lower()


def english_name(name: str, level: DivisionLevel) -> str:
    """``清徐县`` -> ``Qingxu County``. Only where a data set brings no English name of its own."""
    rank = _RANKS.get(name[-1:])
    if rank is None:
        return "".join(syllables_of(name)).capitalize()
    if level is DivisionLevel.COUNTY and name.endswith("市"):
        rank = "City"
    return f"{''.join(syllables_of(name)[:-1]).capitalize()} {rank}"
