from linli.notices.queries.contacts import contact_of
from linli.notices.queries.inbox import inbox, unread
from linli.notices.queries.setup import reached_by
from linli.notices.queries.texts import require_templates
from linli.notices.queries.undelivered import tally, undelivered

__all__ = ["contact_of", "inbox", "reached_by", "require_templates", "tally", "undelivered", "unread"]
