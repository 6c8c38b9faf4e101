"""Reads of the board: a constant number of statements, whatever a week holds."""

from scheduler.board.queries.board import Board, board_of
from scheduler.board.queries.clashes import clashes_of
from scheduler.board.queries.others import Hold, OpenSlot

__all__ = ["Board", "Hold", "OpenSlot", "board_of", "clashes_of"]
