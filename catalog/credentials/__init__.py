"""Licences of hosts: applications, checks against the primary source, rosters, withdrawal."""
