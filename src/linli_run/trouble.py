"""What stops the command from going on, told with its way out (故障与对策)."""


class Trouble(Exception):
    """Something the operator has to see to.

    Args:
        what: one sentence saying what is wrong.
        remedy: one sentence saying what to do about it.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n  → {self.remedy}"
