"""Two other map servers on the same tables, as their documentation starts them, with as many processes as ours.

They read ``products_site`` and ``regions_boundary`` themselves, without a view, and answer everybody. What is not told
here is their default.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

from gi_registry.bench.server import THREADS, WORKERS, free_port, process

# As many facts as our layers show, out of the table itself: numbers of rows where ours tells public names.
SITE_FACTS = ("number", "name", "kind", "state", "placement", "producer_id", "indication_id", "division_id", "area_m2")
REGION_FACTS = ("id", "zone", "method", "accuracy_m", "source_text", "region_id", "area_m2", "created_at")
TABLES = {"sites": ("products_site", "number", SITE_FACTS), "regions": ("regions_boundary", "id", REGION_FACTS)}


def _tool(name: str) -> str:
    path = settings.VAR_DIR / "peers" / "bin" / name
    if not path.exists():
        raise RuntimeError(f"{path} is not there: ./gi bench map installs it")
    return str(path)


def _database(url: str) -> dict[str, Any]:
    return conninfo_to_dict(urlunsplit(urlsplit(url)._replace(scheme="postgresql")))


@contextmanager
def tipg(url: str) -> Iterator[str]:
    """tipg under uvicorn; gives its base URL."""
    told, port = _database(url), free_port()
    who = told.get("user", "") + (f":{quote(told['password'], safe='')}" if told.get("password") else "")
    where = quote(told.get("host", "localhost"), safe="") + (f":{told['port']}" if told.get("port") else "")
    tables = {f"public_{table}": {"pk": key, "properties": facts} for table, key, facts in TABLES.values()}
    environment = {
        "DATABASE_URL": f"postgresql://{who}@{where}/{told['dbname']}",
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_DB_TABLES": json.dumps([f"public.{table}" for table, _, _ in TABLES.values()]),
        "TIPG_TABLE_CONFIG": json.dumps(tables),
    }
    command = [_tool("uvicorn"), "tipg.main:app", "--port", str(port), "--workers", str(WORKERS)]
    with process([*command, "--log-level", "error"], environment, f"http://127.0.0.1:{port}/healthz"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def pygeoapi(url: str) -> Iterator[str]:
    """pygeoapi under gunicorn; gives its base URL."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        config, described = Path(folder, "config.yml"), Path(folder, "openapi.yml")
        config.write_text(json.dumps(_configuration(base, _database(url))), encoding="utf-8")  # JSON is YAML too
        # HOME: gunicorn puts a socket there.
        environment = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described), "HOME": folder}
        subprocess.run(  # noqa: S603
            [_tool("pygeoapi"), "openapi", "generate", str(config), "--output-file", str(described)],
            env={**os.environ, **environment}, check=True, capture_output=True,
        )  # fmt: skip
        command = [_tool("gunicorn"), "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
        command += ["--threads", str(THREADS), "pygeoapi.flask_app:APP"]
        with process(command, environment, f"{base}/conformance?f=json"):
            yield base


def _configuration(base: str, told: dict[str, Any]) -> dict[str, Any]:
    nobody = {"name": "bench", "url": base}
    words = {"title": "bench", "description": "bench", "keywords": ["bench"]}
    place = {"host": told.get("host", "localhost"), "port": told.get("port", 5432), "dbname": told["dbname"]}
    place |= {"user": told.get("user", ""), "password": told.get("password", ""), "search_path": ["public"]}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0}, "url": base, "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8", "gzip": False, "languages": ["en-US"], "pretty_print": False,
            "limits": {"default_items": 10, "max_items": 10000}, "map": {"url": base, "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**words, "keywords_type": "theme", "terms_of_service": "", "url": base},
            "license": nobody, "provider": nobody, "contact": nobody,
        },
        "resources": {
            name: {
                "type": "collection", **words, "links": [],
                "extents": {"spatial": {"bbox": [109, 34, 116, 42]}},
                "providers": _providers(place, *about),
            }
            for name, about in TABLES.items()
        },
    }  # fmt: skip


def _providers(place: dict[str, Any], table: str, key: str, facts: tuple[str, ...]) -> list[dict[str, Any]]:
    shared = {"data": place, "table": table, "geom_field": "geom", "id_field": key}
    crs = "http://www.opengis.net/def/crs/EPSG/0/4326"
    tiles = {"format": {"name": "pbf", "mimetype": "application/vnd.mapbox-vector-tile"}, "storage_crs": crs}
    return [
        {"type": "feature", "name": "PostgreSQL", "properties": [fact for fact in facts if fact != key], **shared},
        {"type": "tile", "name": "MVT-postgresql", "options": {"zoom": {"min": 0, "max": 20}}, **tiles, **shared},
    ]
