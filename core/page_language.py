"""Pages in the language of whoever reads them, also where they answer a form that is worked on in Indonesian.

What comes of a form is stored and read by others; the page that comes back is its sender's alone. Its words, and the
errors of forms, which are put into words only when they are shown, are the reader's. What was put into words before,
such as the reason that a service gives for refusing, stays as it was said.
"""

from contextlib import nullcontext
from typing import Any

from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates, Template
from django.utils import translation


class PageTemplates(DjangoTemplates):
    """Renders for a request in its `page_language`, where one is set; all else in the language that is active."""

    def get_template(self, template_name: str) -> "PageTemplate":
        return PageTemplate(super().get_template(template_name).template, self)

    def from_string(self, template_code: str) -> "PageTemplate":
        return PageTemplate(super().from_string(template_code).template, self)


class PageTemplate(Template):
    def render(self, context: Any = None, request: HttpRequest | None = None) -> Any:
        language = getattr(request, "page_language", "")
        with translation.override(language) if language else nullcontext():
            return super().render(context, request)
