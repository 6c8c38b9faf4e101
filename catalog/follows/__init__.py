"""Follows: somebody with an account follows a topic, a series or a host, and sees what is new.

What somebody follows says something about her health: only she sees it, and no address, log or
subject of a mail names it. Mails about it are off until she says yes.
"""
