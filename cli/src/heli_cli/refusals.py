"""How the command line says no: one sentence in Chinese, one in English, an exit code; never a traceback."""


class Refusal(Exception):
    """What the user is told before the program ends with `code`."""

    def __init__(self, zh: str, en: str, *, code: int = 1) -> None:
        """Keep both sentences; `code` is the exit code."""
        super().__init__(f"{zh} {en}")
        self.zh = zh
        self.en = en
        self.code = code
