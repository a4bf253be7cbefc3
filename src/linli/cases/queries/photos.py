from uuid import UUID

from linli.audit import actions as audit
from linli.cases.models import Case, ReportPhoto, StepPhoto
from linli.cases.queries.matters import family, main_of
from linli.cases.queries.public import PUBLIC_PROOF, report_of_link
from linli.files import queries as files
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound


def photo_for(actor: Actor, case_id: int, photo_id: UUID) -> bytes:
    """Return a photo of a case this actor sees (案件照片).

    Raises: NotFound if the case is not among those, or the photo not of this case.
    """
    if not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        raise _no_photo()
    with audit.acting(Actor.system("cases")):  # what rests in the case may lie out of this actor's sight
        matter = family(case_id)
        if not (ReportPhoto.objects.filter(photo=photo_id, report__case__in=matter).exists()
                or StepPhoto.objects.filter(photo=photo_id, step__case__in=matter).exists()):
            raise _no_photo()
    return files.read(photo_id)


def photo_for_link(token: str, photo_id: UUID) -> bytes:
    """Return a photo that the holder of a link may see (公开照片): the reporter's own, and what proves the work.

    Raises: NotFound for any other.
    """
    with audit.acting(Actor.system("cases")):
        report = report_of_link(token)
        own = ReportPhoto.objects.filter(photo=photo_id, report=report)
        main = main_of(report.case)
        proof = StepPhoto.objects.filter(photo=photo_id, step__case=main, step__move__in=PUBLIC_PROOF)
        if not (own.exists() or proof.exists()):
            raise _no_photo()
    return files.read(photo_id)


def _no_photo() -> NotFound:
    return NotFound("files.no_photo", "There is no such photo.")
