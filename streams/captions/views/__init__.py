"""Pages of captions: what there is, correcting it, typing while live, files, what is wanted."""

from streams.captions.views import correcting as _correcting
from streams.captions.views import files as _files
from streams.captions.views import overview as _overview
from streams.captions.views import typing as _typing
from streams.captions.views import wanted as _wanted
from streams.captions.views.blueprint import pages

__all__ = ["pages"]

del _correcting, _files, _overview, _typing, _wanted  # imported for their routes
