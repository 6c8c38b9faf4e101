"""Everything of a home in one file: ``mindcast backup`` writes it, ``mindcast restore`` reads it.

The file is a tar whose members stand in this order::

    mindcast.json           format, Alembic revision, tables with the kinds of their columns
    secrets.json            secret_key, data_key
    tables/<name>.jsonl.gz  one JSON object per row; a table stands after those it points to
    spool/<rest>            segments that were not uploaded yet
    objects/<key>           the bucket
    manifest.jsonl          name, size, content type and SHA-256 of every member before it
"""
