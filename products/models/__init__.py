"""The nouns of the register, one file a family; this file re-exports and does nothing else."""

from products.models.authorisations import Authorisation, AuthorisedSite
from products.models.cells import SiteCell
from products.models.documents import ApplicationDocument
from products.models.indications import Figure, Holder, Indication, Season, Source
from products.models.producers import Producer, Site
from products.models.requirements import SpecificationRule
from products.models.seasons import SeasonCeiling, SeasonQuota
from products.models.specifications import SpecificationFact, SpecificationVersion
from products.models.titles import Title
from products.models.uploads import SiteUpload, SiteUploadRow

__all__ = [
    "ApplicationDocument",
    "Authorisation",
    "AuthorisedSite",
    "Figure",
    "Holder",
    "Indication",
    "Producer",
    "Season",
    "SeasonCeiling",
    "SeasonQuota",
    "Site",
    "SiteCell",
    "SiteUpload",
    "SiteUploadRow",
    "Source",
    "SpecificationFact",
    "SpecificationRule",
    "SpecificationVersion",
    "Title",
]
