"""People at the desk (办公台的人) with accounts, on the district of `tests.make.cases`, and what they send."""

import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.make.areas import DISTRICT, EAST, WEST
from tests.make.assets import make_component
from tests.make.cases import make_district

from linli.accounts import actions as accounts
from linli.accounts.actions import NewPost
from linli.cases import actions as cases
from linli.kernel.actor import Actor
from linli.kernel.role import Role

SYSTEM = Actor.system("test")
COVER = "9901010103000001"
PASSWORD = accounts.DEMO_PASSWORD
_TOKEN = re.compile(r"/f/([\w-]+)")


def make_desk() -> dict[str, int]:
    """Enter district, catalogue, one manhole cover in grid A kept by the drains, and one account per case role.

    `east` is an acceptor of the other community. Returns the units' ids.
    """
    cases.load_catalogue()
    units = make_district()
    make_component(COVER, maintaining=units["drains"], owning=units["fallback"])
    held = {
        "acceptor": NewPost(role=Role.ACCEPTOR, name="受理岗 03", area=DISTRICT),
        "dispatcher": NewPost(role=Role.DISPATCHER, name="派遣岗 01", area=DISTRICT),
        "unit": NewPost(role=Role.UNIT, name="养护二班", area=DISTRICT, unit=units["drains"]),
        "other_unit": NewPost(role=Role.UNIT, name="物业", area=DISTRICT, unit=units["duty"]),
        "checker": NewPost(role=Role.CHECKER, name="核查岗 07", area=DISTRICT),
        "grid": NewPost(role=Role.GRID, name="网格岗 12", area=WEST),
        "street": NewPost(role=Role.STREET, name="街道值班", area=DISTRICT),
        "auditor": NewPost(role=Role.AUDITOR, name="审计岗"),
        "east": NewPost(role=Role.ACCEPTOR, name="受理岗 09", area=EAST),
    }
    accounts.make_demo_accounts({"resident": [], **{username: [post] for username, post in held.items()}}, actor=SYSTEM)
    return units


def photo_file(name: str = "hole.png") -> SimpleUploadedFile:
    """Return a small photo as a form sends it."""
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "grey").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def token_of(address: str) -> str:
    """Return the follow token in an address."""
    found = _TOKEN.search(address)
    assert found, address
    return found.group(1)
