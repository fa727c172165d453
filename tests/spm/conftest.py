"""The tests of this folder are about the general method, unless they ask for a service's own."""

import pytest

from spm.models import IndexMethod


@pytest.fixture
def general_method(db: None) -> None:
    """Every service by recipients and quality."""
    IndexMethod.objects.all().delete()
