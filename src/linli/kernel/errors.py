"""Refusals with stable codes (领域错误).

    DomainError
    ├── Invalid        422  what was handed in cannot be used; names the field and the remedy
    ├── NotPermitted   403  this post may not do it
    ├── NotFound       404  it is not there, or not for this actor
    ├── NotAllowedNow  409  the thing's state does not allow it
    ├── Conflict       409  somebody else was first
    ├── TooLarge       413
    └── TooMany        429

`message` is an English msgid with {named} fields; the edge translates it and fills in `params`.
"""

from typing import ClassVar


class DomainError(Exception):
    """A refusal that a person can understand and a program can tell apart by `code`."""

    status: ClassVar[int] = 400

    def __init__(self, code: str, message: str, /, *, field: str = "", **params: object) -> None:
        self.code = code
        self.message = message
        self.field = field
        self.params = {"field": field, **params} if field else params
        super().__init__(message.format(**self.params))


class Invalid(DomainError):
    """What was handed in cannot be used."""

    status = 422


class NotPermitted(DomainError):
    """This actor holds no post that may do it."""

    status = 403


class NotFound(DomainError):
    """It is not there, or this actor may not know of it."""

    status = 404


class NotAllowedNow(DomainError):
    """The thing's present state does not allow it."""

    status = 409


class Conflict(DomainError):
    """Somebody else was first."""

    status = 409


class TooLarge(DomainError):
    """More than is taken in one piece."""

    status = 413


class TooMany(DomainError):
    """More often than is taken; later it will be."""

    status = 429
