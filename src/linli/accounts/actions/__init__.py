"""What is done with accounts (账号操作): give them, sign in, change the password, end sessions."""

from linli.accounts.actions.giving import DEMO_PASSWORD, NewPost, create_user, make_demo_accounts
from linli.accounts.actions.of_unit import end_posts, give_back_posts
from linli.accounts.actions.password import change_password
from linli.accounts.actions.sessions import end_others, end_session, note_use, stamp
from linli.accounts.actions.signing_in import Attempt, attempt

__all__ = [
    "DEMO_PASSWORD",
    "Attempt",
    "NewPost",
    "attempt",
    "change_password",
    "create_user",
    "end_others",
    "end_posts",
    "end_session",
    "give_back_posts",
    "make_demo_accounts",
    "note_use",
    "stamp",
]
