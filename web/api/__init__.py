"""The JSON API below ``/api/v1``: thin routes over the same services as the pages."""

from web.api.blueprint import api

__all__ = ["api"]
