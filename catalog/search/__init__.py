"""Finding livestreams by what is written about them and said in them, in English and Chinese.

One index row per livestream, kept current by the clock; who may know of a livestream, whether its
replay is open and what its captions say is read afresh at every search. Imports the catalogue's
own layers, accounts, media and core.
"""
