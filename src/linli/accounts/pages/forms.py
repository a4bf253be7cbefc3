"""What an administrator fills in (账号表单)."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.accounts import policy
from linli.accounts.actions import NewPost
from linli.areas import queries as areas
from linli.areas.domain.shapes import AreaKind
from linli.kernel.actor import Actor
from linli.kernel.role import Role
from linli.organisations import queries as organisations
from linli.web.templatetags.words import role_word

OFFERED: Final = (AreaKind.DISTRICT, AreaKind.STREET, AreaKind.COMMUNITY)


class PostForm(forms.Form):
    """A post to be given (岗位表单): what its holder does, where or for which unit, and what it is called."""

    role = forms.TypedChoiceField(label=_("Role"), coerce=Role)
    area = forms.CharField(label=_("Area"), required=False, max_length=15,
                           help_text=_("The code of a district, street, community or grid."))
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None,
                                  help_text=_("For a handling unit's post only."))
    post = forms.CharField(label=_("Name of the post"), required=False, max_length=60,
                           help_text=_("As screens show it; the role's name if left empty."))

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        mine = policy.administered(actor)
        self.areas = [place for area in mine for kind in OFFERED for place in areas.within(area, kind)]
        units = {unit.id: unit.name for area in mine for unit in organisations.units_in(area)}
        self.fields["role"].choices = [(role.value, role_word(role.value)) for role in Role]
        self.fields["unit"].choices = [("", "—"), *units.items()]
        self.fields["area"].widget.attrs["list"] = "areas"

    def as_post(self) -> NewPost:
        """Return the post that was filled in."""
        given = self.cleaned_data
        return NewPost(role=given["role"], name=given["post"] or role_word(given["role"]), area=given["area"],
                       unit=given["unit"])


class AccountForm(PostForm):
    """A new account with its first post (新建账号表单)."""

    username = forms.CharField(label=_("Sign-in name"), max_length=60,
                               help_text=_("2 to 60 letters, digits or signs of these: . @ + - _"))
    name = forms.CharField(label=_("Whose account it is"), required=False, max_length=60,
                           help_text=_("Shown masked, and to administrators only."))
    field_order = ("username", "name", "role", "area", "unit", "post")
