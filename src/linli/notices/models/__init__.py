from linli.notices.models.contact import Contact
from linli.notices.models.delivery import Delivery
from linli.notices.models.notice import Notice
from linli.notices.models.told import Told
from linli.notices.models.unreached import Unreached
from linli.notices.models.way import Way

__all__ = ["Contact", "Delivery", "Notice", "Told", "Unreached", "Way"]
