"""The player of a public livestream within pages of other sites that an operator has named.

It knows nobody, sets no cookie, and has crisis help inside, as the page around it is not ours.
"""
