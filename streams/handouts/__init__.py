"""Hand-outs: files that a host gives to everybody who may know of a livestream, to take along."""
