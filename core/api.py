"""The base of the API's viewsets: a declared access rule, and only what `visible_to(user)` lets through."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.routers import APIRootView

from core.access import Scope, forbid_writing, signed_in


class ApiRootView(APIRootView):
    """The list of what the API offers."""

    access_rule = signed_in(Scope.NOTHING)


class ReadOnlyViewSet(viewsets.ReadOnlyModelViewSet):
    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        forbid_writing()

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        visible: QuerySet[Any] = queryset.visible_to(self.request.user)  # type: ignore[attr-defined]  # every queryset of the API has it
        return visible
