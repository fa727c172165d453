from typing import TYPE_CHECKING, Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Scope, forbid_writing, signed_in
from dashboards.finding.services import SHOWN_OF_ONE, find
from dashboards.finding.words import taken_apart

if TYPE_CHECKING:
    from accounts.models import User


class FoundSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="program, indikator, paket, …")
    title = serializers.CharField()
    detail = serializers.CharField()
    url = serializers.CharField(help_text="Halaman portal.")


class SearchViewSet(viewsets.ViewSet):
    """Pencarian atas semua yang boleh dilihat pemilik token, seperti kotak cari di halaman portal."""

    access_rule = signed_in(Scope.PROVINCE)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        forbid_writing()

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, required=True, description="Kata, awal kode, nama OPD, atau tahun."),
            OpenApiParameter("jenis", str, description="Hanya satu jenis, misalnya paket."),
        ],
        responses=FoundSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        words, slug = taken_apart(request.query_params.get("q", "")), request.query_params.get("jenis", "")
        hits, _right = find(cast("User", request.user), words, slug=slug, shown=SHOWN_OF_ONE)
        rows = [
            {
                "kind": each.kind.slug,
                "title": row.title,
                "detail": row.detail,
                "url": request.build_absolute_uri(row.url),
            }
            for each in hits
            for row in each.found
        ]
        return Response(FoundSerializer(rows, many=True).data)
