"""Pure decisions of the board: what is selected, what is wrong, which times would be free."""
