from linli.assets.models.component import Component, ComponentQuerySet
from linli.assets.models.component_class import ComponentClass
from linli.assets.models.component_duty import ComponentDuty

__all__ = ["Component", "ComponentClass", "ComponentDuty", "ComponentQuerySet"]
