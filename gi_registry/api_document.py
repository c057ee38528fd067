"""How the OpenAPI document is made: the settings of drf-spectacular."""

from typing import Any

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "GI Registry API",
    "DESCRIPTION": "Geographical indications of Shanxi: register, batches, checks. 山西地理标志登记与溯源接口。",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # Words of the rooms are added by ``openapi.only_api``; labels are kept as a plain table.
    "ENUM_NAME_OVERRIDES": {"LabelPresetEnum": "trace.labels.presets.CODES"},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["gi_registry.openapi.only_api"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "gi_registry.openapi.problems_and_examples",
    ],
}
