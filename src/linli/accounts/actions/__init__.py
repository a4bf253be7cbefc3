"""What is done with accounts (账号操作): give, grant, reset and close them, sign in, change the password."""

from linli.accounts.actions.factor import (
    Begun,
    begin_factor,
    check_factor,
    confirm_factor,
    drop_factor,
    reset_factor,
)
from linli.accounts.actions.giving import DEMO_PASSWORD, NewPost, make_demo_accounts
from linli.accounts.actions.handing import (
    Handed,
    close_account,
    create_account,
    reopen_account,
    reset_account,
    unlock_account,
)
from linli.accounts.actions.of_unit import end_posts, give_back_posts
from linli.accounts.actions.password import change_password
from linli.accounts.actions.posts import grant_post, withdraw_post
from linli.accounts.actions.sessions import end_others, end_session, note_use, stamp
from linli.accounts.actions.signing_in import Attempt, attempt
from linli.accounts.actions.streams import end_streams

__all__ = [
    "DEMO_PASSWORD",
    "Attempt",
    "Begun",
    "Handed",
    "NewPost",
    "attempt",
    "begin_factor",
    "change_password",
    "check_factor",
    "close_account",
    "confirm_factor",
    "create_account",
    "drop_factor",
    "end_others",
    "end_posts",
    "end_session",
    "end_streams",
    "give_back_posts",
    "grant_post",
    "make_demo_accounts",
    "note_use",
    "reopen_account",
    "reset_account",
    "reset_factor",
    "stamp",
    "unlock_account",
    "withdraw_post",
]
