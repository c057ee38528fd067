"""The desk of officials, so far its map: how to connect a GIS, a ready QGIS project, the styles, and the map itself."""
