"""Texts of Django's own whose Indonesian is another in the portal: marked here, so that our catalogue has them and
goes before Django's. A field of a form is an "isian" (a "bidang" is a domain of SPM), and people are written to as
"Anda". One says the contrary in Django's catalogue: that a row is missing where it is there already."""

from django.utils.translation import gettext_noop

OURS = (
    gettext_noop("Enter a valid email address."),
    gettext_noop("This field is required."),
    gettext_noop("This field cannot be null."),
    gettext_noop("This field cannot be blank."),
    gettext_noop("%(model_name)s with this %(field_labels)s already exists."),
    gettext_noop("The two password fields didn’t match."),  # noqa: RUF001 (Django's own apostrophe, here and below)
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("Your password can’t be too similar to your other personal information."),  # noqa: RUF001
    gettext_noop("This password is too common."),
    gettext_noop("Your password can’t be a commonly used password."),  # noqa: RUF001
    gettext_noop("This password is entirely numeric."),
    gettext_noop("Your password can’t be entirely numeric."),  # noqa: RUF001
    gettext_noop("The username and/or password you specified are not correct."),
    gettext_noop("The email address and/or password you specified are not correct."),
)
