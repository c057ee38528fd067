"""Every layer of the map, in the order in which clients list them. A room describes its layers, this names them."""

from gi_registry.ogc.collection import Catalogue
from gi_registry.ogc.urls import addresses
from products.features import INDICATIONS, PRODUCERS, SITES
from regions.features import DIVISIONS, REGIONS
from trace.features import BATCHES

CATALOGUE = Catalogue((DIVISIONS, REGIONS, INDICATIONS, PRODUCERS, SITES, BATCHES))

ogc_urls = addresses(CATALOGUE)
