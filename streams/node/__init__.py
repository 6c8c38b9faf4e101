"""``mindcast live``: owns broadcasts by lease, runs the doors and packagers of a node."""
