"""``mindcast live``: owns broadcasts by lease, runs the doors and the packagers of one media node."""
