from linli.accounts.models.factor import RecoveryCode, SecondFactor
from linli.accounts.models.failure import Failure
from linli.accounts.models.session import Session
from linli.accounts.models.user import Post, PostQuerySet, User

__all__ = ["Failure", "Post", "PostQuerySet", "RecoveryCode", "SecondFactor", "Session", "User"]
