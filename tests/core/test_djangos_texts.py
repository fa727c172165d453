"""What Django says in Indonesian is said in the portal's own words."""

import pytest
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils import translation

from core.djangos_texts import OURS


def test_a_field_is_no_domain() -> None:
    with pytest.raises(ValidationError) as refused:
        forms.CharField().clean("")
    assert refused.value.messages == ["Isian ini harus diisi."]


def test_people_are_written_to_as_everywhere() -> None:
    said = [*(translation.gettext(text) for text in OURS), *password_validators_help_texts()]
    assert not [text for text in said if "anda" in text.split() or text.startswith(("Sandi", "Bidang", "Field"))]
