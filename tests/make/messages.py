"""Real messages to a city (市民来信) at places of the synthetic city, with the matters they are about.

The messages come from the folder LINLI_REALDATA and are kept nowhere else. They carry no place, no category of ours
and no truth: `same_matter.json` says which are one matter, as one reader judged; places are drawn by lot, one for each
matter, each report some metres off it; the category is what its own words name, as a hurried person would choose.
"""

import csv
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from tests.make.city import make_city

from linli.cases.domain.intake import Report, Source
from linli.kernel.geo import Point

FILE = Path("citizen_messages_zh/messages_2019H1.csv")
TRUTH = json.loads((Path(__file__).parent / "same_matter.json").read_text(encoding="utf-8"))
PEOPLE, SEED = 20_000, 7
FED = 500
OFF_M = 12.0  # standard deviation east and north, as of a phone between houses
LONGEST = 2000
BEIJING = timedelta(hours=8)
WORDS = {  # the first that occurs names the category; whoever finds none chooses "other"
    "vehicle_parking": ("乱停", "违停", "停车"),
    "road_damaged": ("坑洼", "路面", "破损"),
    "fire_lane_blocked": ("消防通道",),
    "exposed_rubbish": ("垃圾",),
    "unlicensed_building": ("违建", "违章建筑", "搭建"),
    "sewer_blocked": ("下水道", "排水"),
    "water_supply_abnormal": ("停水", "水压", "供水"),
    "lamp_out": ("路灯", "照明"),
    "gas_facility_hazard": ("天然气", "燃气"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One message as a report, and the matter it is about."""

    report: Report
    matter: str


def feed(half: str) -> list[Told]:
    """Return 500 messages of one half of the matters ("train" or "test") in the order they came in."""
    matters = {message: group[0] for group in TRUTH["matters"][half] for message in group}
    chosen = [*matters, *(m for m in _single() if _half(m) == half)][:FED]
    places = {message: group[0] for group in TRUTH["one_place"] for message in group}
    told = []
    for message in chosen:
        row = _messages()[message]
        matter = matters.get(message, message)
        told.append(Told(Report(
            source=Source.RESIDENT, source_ref=f"message-{message}", category=_category(row["title"] + row["body"]),
            where=_place(places.get(matter, matter), message), seen_at=_moment(row["created"]),
            text=f"{row['title']}。{row['body']}"[:LONGEST]), matter))
    return sorted(told, key=lambda one: (one.report.seen_at, one.report.source_ref))


@cache
def _messages() -> dict[str, dict[str, str]]:
    path = Path(os.environ["LINLI_REALDATA"]) / FILE
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {row["message_id"]: row for row in csv.DictReader(file) if row["created"] >= "2019-01-01"}


def _single() -> Iterator[str]:
    """Yield the messages that are a matter of their own, in an order drawn by lot."""
    repeated = {m for half in TRUTH["matters"].values() for group in half for m in group} | set(TRUTH["left_out"])
    yield from sorted((m for m in _messages() if m not in repeated), key=_lot)


def _place(where: str, message: str) -> Point:
    houses = make_city(PEOPLE).houses
    lon, lat = houses[int(_lot(where), 16) % len(houses)].middle
    chance = random.Random(f"{SEED}-{message}")
    return Point(lon + chance.gauss(0, OFF_M) / 96_300, lat + chance.gauss(0, OFF_M) / 111_200)


def _category(text: str) -> str:
    return next((code for code, words in WORDS.items() if any(word in text for word in words)), "other")


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC) - BEIJING


def _half(message: str) -> str:
    return "train" if int(_lot(message), 16) % 2 else "test"


def _lot(name: str) -> str:
    return sha256(f"{SEED}-{name}".encode()).hexdigest()
