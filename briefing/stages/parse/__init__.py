"""Parse: bytes -> what a feed or a file *said*.

``read_feed`` reads RSS, Atom, RDF, CDF and JSON Feed, and ``parse_feed`` their entries alone;
``parse_file`` reads article files; ``opml`` reads and writes subscription lists.
"""

from briefing.stages.parse.feeds import Reading, parse_feed, read_feed
from briefing.stages.parse.files import parse_file

__all__ = ["Reading", "parse_feed", "parse_file", "read_feed"]
