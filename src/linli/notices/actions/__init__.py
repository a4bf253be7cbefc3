from linli.notices.actions.contacts import (
    ask_to_confirm,
    confirm,
    forget_after,
    forget_due,
    leave_contact,
    remove_contact,
    stop,
)
from linli.notices.actions.progress import news_from
from linli.notices.actions.reading import read, read_all
from linli.notices.actions.telling import tell, tell_all
from linli.notices.actions.undelivered import send_again
from linli.notices.actions.ways import change_way, remove_way

__all__ = [
    "ask_to_confirm",
    "change_way",
    "confirm",
    "forget_after",
    "forget_due",
    "leave_contact",
    "news_from",
    "read",
    "read_all",
    "remove_contact",
    "remove_way",
    "send_again",
    "stop",
    "tell",
    "tell_all",
]
