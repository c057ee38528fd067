"""Runs in the system's Python with PyQGIS, which knows nothing of ours: reads one task as JSON, answers one line of JSON.

    echo '{"task": "draw", "project": "gi-registry.qgs", "picture": "map.png", "size": [640, 440]}' | python3 in_qgis.py

Tasks: ``walk`` reads every feature of a layer, ``open`` opens a project and tells its layers, ``draw`` makes a picture of one.
``auth`` with ``id`` and ``key`` keeps the key in a throw-away QGIS profile, as a person does by hand.
"""

import json
import os
import sys
import tempfile

PROFILE = tempfile.mkdtemp(prefix="qgis-")
# Before QGIS is there: no screen, nobody's profile, nothing kept from an earlier run.
os.environ.update(QT_QPA_PLATFORM="offscreen", QGIS_AUTH_DB_DIR_PATH=PROFILE, XDG_RUNTIME_DIR=PROFILE, HOME=PROFILE)

from qgis import core  # noqa: E402
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QImage  # noqa: E402


def walk(task, told):
    """``uri`` of the OAPIF provider, ``subset`` if wished, ``facts`` of which to tell the first feature by id."""
    layer = core.QgsVectorLayer(task["uri"], "layer", "OAPIF")
    told["valid"] = layer.isValid()
    if not layer.isValid():
        return
    if task.get("subset"):
        told["subset_taken"] = layer.setSubsetString(task["subset"])
    told.update(
        count=layer.featureCount(),
        crs=layer.crs().authid(),
        shape=core.QgsWkbTypes.displayString(layer.wkbType()),
        fields={field.name(): field.typeName() for field in layer.fields()},
    )
    ids, first, told["shapeless"] = set(), None, 0
    for feature in layer.getFeatures():
        ids.add(feature["id"])
        told["shapeless"] += feature.geometry().isNull()
        if first is None or feature["id"] < first["id"]:
            first = feature
    told["read"] = len(ids)
    told["first"] = {"wkt": first.geometry().asWkt(6), **{name: first[name] for name in ("id", *task.get("facts", ()))}}


def opened(task):
    project = core.QgsProject.instance()
    if not project.read(task["project"]):
        raise SystemExit(f"QGIS cannot read {task['project']}: {project.error()}")
    return project


def show(task, told):
    """Every layer of a project with its provider, and how many features those of features have."""
    project = opened(task)
    told["title"] = project.title()
    told["notice"] = project.readEntry("CopyrightLabel", "/Label")[0]
    told["crs"] = project.crs().authid()
    told["layers"] = [
        {
            "id": layer.id(),
            "name": layer.name(),
            "valid": layer.isValid(),
            "kind": type(layer).__name__,
            "count": layer.featureCount() if hasattr(layer, "featureCount") and layer.isValid() else None,
            "styles": len(layer.renderer().styles()) if isinstance(layer, core.QgsVectorTileLayer) else None,
            "attribution": layer.attribution(),
        }
        for layer in project.mapLayers().values()
    ]


def draw(task, told):
    """A picture of the layers that are switched on, of all Shanxi or of ``box`` (EPSG:3857); tells how many colours it has."""
    project = opened(task)
    settings = core.QgsMapSettings()
    switched_on = project.layerTreeRoot().layerOrder()
    visible = project.layerTreeRoot().checkedLayers()
    settings.setLayers([layer for layer in switched_on if layer in visible])
    settings.setDestinationCrs(project.crs())
    settings.setExtent(core.QgsRectangle(*task.get("box", (12267000, 4070000, 12758000, 4984000))))
    settings.setOutputSize(QSize(*task["size"]))
    settings.setBackgroundColor(core.QgsSymbolLayerUtils.decodeColor("233,238,244,255"))
    job = core.QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.convertToFormat(QImage.Format_RGB888).save(task["picture"])
    told["errors"] = [error.message for error in job.errors()]
    width, height = task["size"]
    told["colours"] = len({image.pixel(x, y) for x in range(0, width, 4) for y in range(0, height, 4)})


TASKS = {"walk": walk, "open": show, "draw": draw}


def main():
    task = json.load(sys.stdin)
    application = core.QgsApplication([], False, PROFILE)
    application.initQgis()
    told = {"asked": []}
    core.QgsNetworkAccessManager.instance().requestRequiresAuth.connect(lambda _, realm: told["asked"].append(realm))
    if auth := task.get("auth"):
        manager = core.QgsApplication.authManager()
        manager.setMasterPassword("of a throw-away profile", True)
        config = core.QgsAuthMethodConfig("Basic")
        config.setId(auth["id"])
        config.setName("GI Registry")
        config.setConfig("username", "anybody")
        config.setConfig("password", auth["key"])
        manager.storeAuthenticationConfig(config)
    told["version"] = core.Qgis.QGIS_VERSION
    TASKS[task["task"]](task, told)
    sys.stdout.write("\n" + json.dumps(told, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()
    # QGIS may crash while it takes itself apart without a screen; all has been told by now.
    os._exit(0)


main()
