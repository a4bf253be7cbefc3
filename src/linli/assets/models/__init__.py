from linli.assets.models.component import Component, ComponentQuerySet
from linli.assets.models.component_class import ComponentClass

__all__ = ["Component", "ComponentClass", "ComponentQuerySet"]
