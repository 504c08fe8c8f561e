"""What goes wrong with a call to AWS."""


class AwsError(Exception):
    """The call failed, or nobody knows whether it did.

    Attributes:
        code: AWS's own error code, such as `ServiceUnavailableException`; or `Timeout`, `ConnectionFailed`,
            `AnswerUnreadable`, `NoCredentials`. After the first three the call may have been carried out.
        status: the HTTP status; 0 where there was no answer.
    """

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(f"{code} ({status})" if status else code)
        self.code = code
        self.status = status
