from linli.notices.queries.contacts import contact_of
from linli.notices.queries.inbox import inbox, unread
from linli.notices.queries.setup import reached_by
from linli.notices.queries.texts import require_templates
from linli.notices.queries.undelivered import tally, undelivered
from linli.notices.queries.unreached import unreached, unreached_lately

__all__ = ["contact_of", "inbox", "reached_by", "require_templates", "tally", "undelivered", "unreached",
           "unreached_lately", "unread"]
