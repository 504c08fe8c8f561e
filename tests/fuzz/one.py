"""Fuzz one target, in libFuzzer's manner: `python -m tests.fuzz.one TARGET [libFuzzer's options and folders]`."""

import sys

import atheris  # type: ignore[import-untyped]

# What is imported here counts its branches, which is what the fuzzer is guided by.
with atheris.instrument_imports(include=["footfall"]):
    from tests.fuzz.targets import TARGETS, check

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]

    def send(data: bytes) -> None:
        """One try."""
        check(target, data)

    atheris.Setup(sys.argv, send)
    atheris.Fuzz()
