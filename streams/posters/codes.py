"""An address as the modules of a QR code."""

from collections.abc import Sequence

import qrcode


def code_of(address: str) -> Sequence[Sequence[bool]]:
    """Return the rows of a code, True where it is dark, without the quiet zone around it.

    A quarter of it may be dirty or torn off: it hangs on walls.
    """
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=0)
    code.add_data(address)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]
