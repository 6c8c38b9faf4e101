"""What people are told about livestreams and duties, when it is due, and what is true of it then.

Posts rows to the ledger in :mod:`accounts.notices` and answers it as their source.
"""
