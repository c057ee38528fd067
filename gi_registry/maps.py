"""Every layer of the map, in the order in which clients list them. A room describes its layers, this names them."""

from gi_registry.ogc.collection import Catalogue
from gi_registry.ogc.urls import addresses
from products.features import INDICATIONS, PRODUCERS, SITE_AREAS, SITE_CELLS, SITE_POINTS, SITES
from regions.features import DIVISIONS, REGIONS
from trace.features import BATCHES, CHECKS

CATALOGUE = Catalogue(
    (DIVISIONS, REGIONS, INDICATIONS, PRODUCERS, SITES, SITE_AREAS, SITE_POINTS, SITE_CELLS, BATCHES, CHECKS)
)

ogc_urls = addresses(CATALOGUE)
