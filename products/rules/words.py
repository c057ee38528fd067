"""The closed vocabularies of the register. Every column with a fixed set of values takes its words from here."""

from gi_registry.lib.texts import Word


class Confidence(Word):
    """How well public sources support a record: the announcement itself, one structured page, or a bare assertion."""

    HIGH = "high", "高", "High"
    MEDIUM = "medium", "中", "Medium"
    LOW = "low", "低", "Low"


class TitleKind(Word):
    """The tracks on which one name may be protected, each with its own law, number and end of life."""

    GI_PRODUCT = "gi_product", "地理标志产品", "Geographical indication product"
    CERTIFICATION_MARK = "certification_mark", "地理标志证明商标", "Certification mark"
    COLLECTIVE_MARK = "collective_mark", "地理标志集体商标", "Collective mark"
    AGRO_GI = "agro_gi", "农产品地理标志", "Agricultural product GI (legacy)"
    FOREIGN = "foreign", "境外保护", "Protection abroad"


class TitleStatus(Word):
    """Where a title stands. Which may follow which, for each kind, is in ``rules.titles``."""

    REPORTED = "reported", "据公开来源（待核对）", "Reported by public sources, not yet checked"
    DISPROVED = "disproved", "经核对不成立", "Report found wrong"
    DRAFT = "draft", "草稿", "Draft"
    SUBMITTED = "submitted", "已提交", "Submitted"
    RETURNED = "returned", "退回补正", "Returned for correction"
    REJECTED = "rejected", "省级初审不通过", "Rejected by the province"
    PRELIM_OK = "prelim_ok", "省级初审通过", "Passed by the province"
    FORWARDED = "forwarded", "已报国家知识产权局", "Forwarded to CNIPA"
    ACCEPTED = "accepted", "已受理", "Accepted by CNIPA"
    CORRECTION = "correction", "国家局要求补正", "Correction asked by CNIPA"
    NOT_ACCEPTED = "not_accepted", "不予受理", "Not accepted by CNIPA"
    ANNOUNCED_PRELIM = "announced_prelim", "初步公告", "Preliminarily announced"
    OPPOSED = "opposed", "异议审理中", "Opposed"
    REFUSED = "refused", "不予认定", "Refused"
    RECOGNISED = "recognised", "已认定", "Recognised"
    CHANGE_PENDING = "change_pending", "变更审理中", "Change pending"
    CANCEL_REQUESTED = "cancel_requested", "撤销审理中", "Cancellation requested"
    FILED = "filed", "已申请", "Filed"
    PUBLISHED = "published", "初审公告", "Published for opposition"
    REGISTERED = "registered", "已注册", "Registered"
    CANCELLED = "cancelled", "已撤销", "Cancelled"
    INVALIDATED = "invalidated", "宣告无效", "Invalidated"
    EXPIRED = "expired", "已到期", "Expired"
    CONVERTED = "converted", "已转换", "Converted to another title"
    LAPSED = "lapsed", "已失效", "Lapsed"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


class SpecificationStatus(Word):
    REPORTED = "reported", "据公开来源（待核对）", "Reported by public sources, not yet checked"
    DISPROVED = "disproved", "经核对不成立", "Report found wrong"
    DRAFT = "draft", "草稿", "Draft"
    REVIEWED = "reviewed", "已审核", "Reviewed"
    ANNOUNCED = "announced", "已公告", "Announced"
    IN_FORCE = "in_force", "现行有效", "In force"
    SUPERSEDED = "superseded", "已被替代", "Superseded"


class TransitionRule(Word):
    """Which day decides under which version goods in the making at the change fall."""

    PRODUCTION_START = "production_start", "按投产日期适用", "The day production began decides"
    PRODUCTION_END = "production_end", "按完成日期适用", "The day production was finished decides"
    PACKING = "packing", "按包装日期适用", "The day of packing decides"


class FactOperator(Word):
    MIN = "min", "不低于", "at least"
    MAX = "max", "不高于", "at most"
    BETWEEN = "between", "介于", "between"
    EQUALS = "equals", "等于", "equal to"
    TEXT = "text", "描述", "described as"


class Unit(Word):
    """Units of specification facts and of quantities. The label is the symbol that is printed."""

    NONE = "none", "", ""
    PERCENT = "percent", "%", "%"
    PH = "ph", "pH", "pH"
    DAY = "day", "天", "days"
    MONTH = "month", "个月", "months"
    YEAR = "year", "年", "years"
    HOUR = "hour", "小时", "h"
    DEGREE_CELSIUS = "degree_celsius", "℃", "°C"
    HARDNESS_DEGREE = "hardness_degree", "度（硬度）", "degrees of hardness"
    MILLIMETRE = "millimetre", "毫米", "mm"
    CENTIMETRE = "centimetre", "厘米", "cm"
    METRE = "metre", "米", "m"
    SQUARE_METRE = "square_metre", "平方米", "m²"
    MU = "mu", "亩", "mu"
    HECTARE = "hectare", "公顷", "ha"
    GRAM = "gram", "克", "g"
    KILOGRAM = "kilogram", "千克", "kg"
    TONNE = "tonne", "吨", "t"
    MILLILITRE = "millilitre", "毫升", "mL"
    LITRE = "litre", "升", "L"
    PIECE = "piece", "个", "pieces"
    HEAD = "head", "头（只）", "head"
    PER_KILOGRAM = "per_kilogram", "个/千克", "per kg"
    GRAM_PER_100_ML = "gram_per_100_ml", "克/100毫升", "g/100 mL"
    GRAM_PER_100_G = "gram_per_100_g", "克/100克", "g/100 g"
    GRAM_PER_KILOGRAM = "gram_per_kilogram", "克/千克", "g/kg"
    MILLIGRAM_PER_100_G = "milligram_per_100_g", "毫克/100克", "mg/100 g"
    MILLIGRAM_PER_KILOGRAM = "milligram_per_kilogram", "毫克/千克", "mg/kg"
    MILLIGRAM_KOH_PER_G = "milligram_koh_per_g", "毫克KOH/克", "mg KOH/g"
    MILLIMOLE_PER_KILOGRAM = "millimole_per_kilogram", "毫摩尔/千克", "mmol/kg"
    KILOGRAM_PER_CM2 = "kilogram_per_cm2", "千克/平方厘米", "kg/cm²"
    NEWTON_PER_CM2 = "newton_per_cm2", "牛/平方厘米", "N/cm²"
    KILOGRAM_PER_MU = "kilogram_per_mu", "千克/亩", "kg/mu"
    KILOGRAM_PER_HECTARE = "kilogram_per_hectare", "千克/公顷", "kg/ha"
    TONNE_PER_HECTARE = "tonne_per_hectare", "吨/公顷", "t/ha"
    PLANTS_PER_MU = "plants_per_mu", "株/亩", "plants/mu"
    PLANTS_PER_HECTARE = "plants_per_hectare", "株/公顷", "plants/ha"
    HEAD_PER_MU = "head_per_mu", "只/亩", "head/mu"
    MILLIGRAM_PER_LITRE = "milligram_per_litre", "毫克/升", "mg/L"
    LITRE_PER_KILOGRAM = "litre_per_kilogram", "升/千克", "L/kg"
    KILOGRAM_PER_KILOGRAM = "kilogram_per_kilogram", "千克/千克", "kg/kg"


class SiteKind(Word):
    """What a production site is. The shape it must have and the sizes that are absurd for it are in ``rules.sites``."""

    FIELD = "field", "田地", "Field"
    ORCHARD = "orchard", "果园", "Orchard"
    GREENHOUSE = "greenhouse", "温室大棚", "Greenhouse"
    POND = "pond", "池塘", "Pond"
    PASTURE = "pasture", "牧场", "Pasture"
    GATHERING = "gathering", "采集地", "Gathering ground"
    WORKSHOP = "workshop", "加工场所", "Workshop"
    CELLAR = "cellar", "窖藏场所", "Cellar"
    PACKHOUSE = "packhouse", "包装场所", "Packhouse"


class SiteState(Word):
    """``proposed``: no boundary on record can judge it. ``flagged``: too near the line for a machine to judge it."""

    PROPOSED = "proposed", "待审核", "Proposed"
    ACTIVE = "active", "有效", "Active"
    FLAGGED = "flagged", "临界待核", "Flagged for a person"
    REFUSED = "refused", "未通过", "Refused"
    RETIRED = "retired", "已停用", "Retired"


class AuthorisationState(Word):
    """Where an authorisation to use the special mark stands. Which may follow which is in ``rules.authorisations``."""

    DRAFT = "draft", "草稿", "Draft"
    SUBMITTED = "submitted", "已提交", "Submitted"
    RETURNED = "returned", "退回补正", "Returned for correction"
    ORIGIN_CHECKED = "origin_checked", "产地已核验", "Origin checked"
    REFUSED = "refused", "不予核准", "Refused"
    PROV_OK = "prov_ok", "省级审核通过", "Passed by the province"
    ACTIVE = "active", "有效", "Active"
    RECTIFYING = "rectifying", "整改中", "Under rectification"
    DORMANT_WARNING = "dormant_warning", "长期未使用提醒", "Warned for non-use"
    SUSPENDED = "suspended", "暂停", "Suspended"
    STOPPED = "stopped", "停止使用", "Stopped"
    REVOKED = "revoked", "已撤销", "Revoked"
    EXPIRED = "expired", "已到期", "Expired"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


class DocumentKind(Word):
    """What a document of an application shows."""

    TEST_REPORT = "test_report", "质量检验报告", "Test report"
    PRODUCTION = "production", "生产情况说明", "Statement on production"
    OTHER = "other", "其他材料", "Other document"


class MediaType(Word):
    """What a document may be, told by its first bytes."""

    PDF = "application/pdf", "PDF", "PDF"
    JPEG = "image/jpeg", "JPEG", "JPEG"
    PNG = "image/png", "PNG", "PNG"


class UploadFormat(Word):
    GEOJSON = "geojson", "GeoJSON", "GeoJSON"
    SHAPEFILE = "shapefile", "Shapefile（ZIP）", "Zipped Shapefile"
    GEOPACKAGE = "geopackage", "GeoPackage", "GeoPackage"
    SHEET = "sheet", "表格", "Spreadsheet"


class UploadCrs(Word):
    """Coordinate systems in which a file of sites may come, by EPSG number."""

    WGS84 = "EPSG:4326", "WGS 84 经纬度", "WGS 84 degrees"
    CGCS2000 = "EPSG:4490", "CGCS2000 经纬度", "CGCS2000 degrees"
    GK_111 = "EPSG:4546", "CGCS2000 三度带，中央经线 111°", "CGCS2000 3-degree zone, central meridian 111°"
    GK_114 = "EPSG:4547", "CGCS2000 三度带，中央经线 114°", "CGCS2000 3-degree zone, central meridian 114°"
    GK_ZONE_37 = "EPSG:4525", "CGCS2000 三度带第 37 带（带号在前）", "CGCS2000 3-degree zone 37, number in easting"
    GK_ZONE_38 = "EPSG:4526", "CGCS2000 三度带第 38 带（带号在前）", "CGCS2000 3-degree zone 38, number in easting"
    GCJ02 = "gcj02", "GCJ-02（高德、腾讯等地图）", "GCJ-02 (AMap, Tencent)"
    BD09 = "bd09", "BD-09（百度地图）", "BD-09 (Baidu)"


class UploadState(Word):
    """``committing``: some rows have become sites and the rest is still to be done."""

    STAGED = "staged", "待登记", "Staged"
    COMMITTING = "committing", "登记中", "Being registered"
    DONE = "done", "已完成", "Done"
    DISCARDED = "discarded", "已放弃", "Discarded"


class UploadRowState(Word):
    """``ready``: looked at, with an outcome. ``faulty``: can never become a site. ``refused``: tried, and turned down."""

    WAITING = "waiting", "待检查", "To be checked"
    READY = "ready", "已检查", "Checked"
    FAULTY = "faulty", "有错误", "Faulty"
    LEFT_OUT = "left_out", "不登记", "Left out"
    DONE = "done", "已登记", "Registered"
    REFUSED = "refused", "未通过", "Refused"


class RuleKind(Word):
    """What a checkable demand of a specification looks at. What each kind takes is in ``rules.requirements.kinds``."""

    WITHIN_REGION = "within_region", "场地在产地范围内", "Sites within the region"
    IN_DIVISIONS = "in_divisions", "场地在所列区划内", "Sites in the divisions listed"
    ALTITUDE_RANGE = "altitude_range", "海拔", "Altitude"
    VARIETY_IN = "variety_in", "品种", "Variety"
    DENSITY_MAX = "density_max", "密度上限", "Greatest density"
    INPUT_MIN = "input_min", "投入品下限", "Least input"
    INPUT_MAX = "input_max", "投入品上限", "Greatest input"
    HARVEST_WINDOW = "harvest_window", "采收期", "Harvest window"
    DAYS_AFTER_EVENT = "days_after_event", "距某环节天数", "Days after an event"
    OPENING_DATE = "opening_date", "当年开采（捕）日", "Opening date of the year"
    YIELD_MAX = "yield_max", "单位面积产量上限", "Yield ceiling"
    CONVERSION_MAX = "conversion_max", "出成率上限", "Greatest conversion"
    AGEING_MIN = "ageing_min", "陈酿（后熟）期", "Ageing"
    GROWING_MIN = "growing_min", "生长期", "Growing time"
    UNIT_WEIGHT_MIN = "unit_weight_min", "单个重量", "Weight of a piece"
    TEST_LIMIT = "test_limit", "检验指标", "Laboratory limit"
    SITE_LIMIT = "site_limit", "场地条件", "Condition of the site"
    REQUIRED_STEPS = "required_steps", "必经工序（按顺序）", "Required steps in order"
    SEED_RENEWAL = "seed_renewal", "种子更新", "Renewal of seed"
    SOURCE_SHARE = "source_share", "产地原料占比", "Share of raw material from the region"
    PACK_IN_AREA = "pack_in_area", "在产地包装", "Packed in the region"
    ATTESTED = "attested", "人工认定", "Attested by a person"


class Severity(Word):
    """What a demand that is not met does at release. ``attest``: only a person can tell, and signs for it."""

    BLOCK = "block", "不符合不得放行", "Stops release"
    WARN = "warn", "提示", "Warns"
    ATTEST = "attest", "须签字认定", "Signed by a person"


class OutcomeResult(Word):
    PASSED = "passed", "符合", "Passed"
    FAILED = "failed", "不符合", "Failed"
    NOT_APPLICABLE = "not_applicable", "不适用", "Not applicable"
    MISSING_EVIDENCE = "missing_evidence", "缺少证据", "Evidence missing"


class Sex(Word):
    MALE = "male", "雄", "Male"
    FEMALE = "female", "雌", "Female"
