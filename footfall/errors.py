"""The one error that a person is meant to read."""


class FootfallError(Exception):
    """Something a user can mend: the message says what is wrong, where, and what to do, in one line.

    The command line prints it without a traceback and exits with code 2.
    """
