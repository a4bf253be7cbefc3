from linli.areas.models.area import Area
from linli.areas.models.base_feature import BaseFeature
from linli.areas.models.registry import Registry

__all__ = ["Area", "BaseFeature", "Registry"]
