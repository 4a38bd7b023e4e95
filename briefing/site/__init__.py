"""The archive of editions, as a web application and as a folder of files."""

from briefing.site.building import Built, build
from briefing.site.ports import Archive, Editions, Readings
from briefing.site.routes import application

__all__ = ["Archive", "Built", "Editions", "Readings", "application", "build"]
