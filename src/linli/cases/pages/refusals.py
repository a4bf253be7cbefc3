"""A refusal in words, beside the form it belongs to (拒绝的说法)."""

from django.utils.translation import gettext

from linli.kernel.errors import DomainError


def said(error: DomainError) -> str:
    """Return why not, in the reader's language."""
    return gettext(error.message).format(**error.params)
