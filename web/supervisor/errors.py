"""Why a start is refused: each reason is one sentence that says what to do."""

ODD_HOME = "MINDCAST_HOME={home} has a character that a web server cannot take."
UNUSABLE_HOME = "MINDCAST_HOME={home} cannot be used: {reason}."
RUNNING_HOME = "Mindcast already runs with MINDCAST_HOME={home}."
FULL_DISK = "The disk of MINDCAST_HOME={home} has {free} MiB left; at least {needed} are needed."
OPEN_DEMO = (
    "Demo accounts have known passwords and BIND={bind} is open to others: set MINDCAST_DEMO=0."
)
PORT_TAKEN = "Port {port} is in use by another program: choose another one with {setting}=…"
PORT_RESERVED = "Port {port} needs more rights: choose one above 1023 with {setting}=…"
PORT_UNUSABLE = "Cannot listen on {address} port {port} ({setting}): {reason}."
NO_PORT = "No port from {first} to {last} is free."
AS_IT_SAYS = "{refusal}"
STEP_FAILED = "{step} failed: {reason}."


class StartRefused(Exception):  # noqa: N818 -- an answer to a person, not a fault
    """The start is refused for one of the reasons above, with its ``{words}`` filled in."""

    def __init__(self, sentence: str, **words: object) -> None:
        super().__init__(sentence.format(**words))
