"""Premieres: a finished talk that is held until its time and then plays as if it were live."""
