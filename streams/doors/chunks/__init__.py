"""The chunk door: numbered pieces of a browser's recording over plain HTTP.

``PUT /ingest/chunks/<livestream>/<key>/<n>`` answers 201, 200 for a duplicate and 409 for a gap;
``GET`` on the address without a number tells where to go on. What is done with a chunk is behind
:class:`ports.ChunkDesk`: the door knows HTTP and nothing else.
"""
