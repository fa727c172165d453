"""What settings.REST_FRAMEWORK names: permission, paging, errors. DRF imports it while it is being imported itself."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission

from core import audit
from core.errors import is_outage

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.views import APIView

    from core.access import AccessRule


class AccessRulePermission(BasePermission):
    """Reads the attribute `access_rule` of the view or viewset; without one nobody gets in. A token opens only the
    resources that it was made for."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        rule: AccessRule | None = getattr(view, "access_rule", None)
        opens = getattr(request.auth, "opens", None)
        if opens is not None and not opens(getattr(view, "basename", "")):
            return False
        is_admitted = rule is not None and rule.admits(request.user)
        if not is_admitted and request.user.is_authenticated:
            audit.note_refusal(request.user, request.path, "API")
        return is_admitted


class PortalPagination(PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000


class ServiceUnavailable(APIException):
    status_code = 503
    default_code = "unavailable"

    def __init__(self) -> None:
        super().__init__(_("The database does not answer at the moment. Nothing was saved; please try again shortly."))


def exception_handler(error: Exception, context: dict[str, Any]) -> "Response | None":
    from rest_framework.views import exception_handler as drf_exception_handler

    return drf_exception_handler(ServiceUnavailable() if is_outage(error) else error, context)


class PlainJsonParser(JSONParser):
    """JSON nested deeper than Python follows is a fault of the request, not of the portal."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
