"""Commands of ``mindcast``: one module each, which exposes a click command or group ``command``."""
