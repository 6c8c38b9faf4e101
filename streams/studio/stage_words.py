"""The sentences that the studio's picture and sound speak with; the page hands them to its script.

The names are those of ``StageWords`` in ``web/frontend/src/studio/stage/types.ts``.
"""

from typing import Final

from flask_babel import gettext

from core.errors import _

CARD: Final = {
    "off": _("The camera is off. The sound goes on."),
    "lost": _("The picture is coming back. Please stay with us."),
}

TROUBLES: Final = {
    "insecure": _(
        "Browsers give camera and microphone only to pages that come over https. Open this page "
        "by its https address."
    ),
    "unsupported": _("This browser cannot do that. Use a current Chrome, Edge, Firefox or Safari."),
    "refused": _(
        "The browser was told not to allow it. Press the sign before the address, allow camera "
        "and microphone, and try again."
    ),
    "refused_by_system": _(
        "The computer keeps the browser from it. Allow it in the privacy settings of the "
        "computer, and start the browser again."
    ),
    "none_found": _("None was found. Plug one in; it is taken by itself."),
    "in_use": _(
        "Another program is using it. Close other video calls; then it is taken by itself."
    ),
    "gone": _("The one that was chosen is not there. Plug it in again, or choose another one."),
    "share_refused": _("Nothing was chosen, so nothing is shared."),
    "share_failed": _("The screen could not be shared. Try a single window or tab instead."),
    "pdf_damaged": _("This PDF cannot be read. Export it anew and choose it again."),
    "pdf_locked": _("This PDF asks for a password. Export it without one and choose it again."),
    "pdf_too_big": _("A PDF may have 40 MB and 500 pages. Export it in a smaller size."),
    "pdf_empty": _("This file is empty."),
    "failed": _("That did not work. Reload the page and try again."),
}

FINDINGS: Final = {
    "voice_off": _("The microphone is off."),
    "voice_waiting": _("Say a few words."),
    "voice_silent": _("Nothing was heard for ten seconds. Check the microphone."),
    "voice_quiet": _("The voice is faint. Come closer to the microphone."),
    "voice_clear": _("The voice is clear."),
    "voice_clipping": _("The voice is too loud. Move back a little, or turn the microphone down."),
    "picture_off": _("The camera is off."),
    "picture_waiting": _("Looking at the picture."),
    "picture_lost": _("The camera is away. It is taken again when it is back."),
    "picture_dark": _("A little dark. Turn a light towards you."),
    "picture_clear": _("The picture is clear."),
}

UPLINK: Final = {
    "good": _("{rate} Mbit/s up: enough for a sharp picture."),
    "tight": _("{rate} Mbit/s up: just enough. A cable, or less traffic at home, makes it safe."),
    "poor": _(
        "{rate} Mbit/s up: too little for a sharp picture. Use a cable, come closer to the "
        "router, or switch the camera off and show slides."
    ),
    "failed": _("The connection could not be measured. Check it and try again."),
}


def stage_words() -> dict[str, dict[str, str]]:
    """Return every sentence in the language of the request."""
    groups = {"card": CARD, "troubles": TROUBLES, "findings": FINDINGS, "uplink": UPLINK}
    return {name: {key: gettext(text) for key, text in one.items()} for name, one in groups.items()}
