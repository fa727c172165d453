"""What every part of the API shares: paging, errors, the base of the viewsets."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import viewsets
from rest_framework.exceptions import APIException
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from core.access import forbid_writing
from core.errors import is_outage


class PortalPagination(PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000


class ServiceUnavailable(APIException):
    status_code = 503
    default_code = "unavailable"

    def __init__(self) -> None:
        super().__init__(_("The database does not answer at the moment. Nothing was saved; please try again shortly."))


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    if is_outage(error):
        error = ServiceUnavailable()
    return drf_exception_handler(error, context)


class ReadOnlyViewSet(viewsets.ReadOnlyModelViewSet):
    """A viewset that declares `access_rule` and reads only what `visible_to(user)` lets through."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        forbid_writing()

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        visible: QuerySet[Any] = queryset.visible_to(self.request.user)  # type: ignore[attr-defined]
        return visible
