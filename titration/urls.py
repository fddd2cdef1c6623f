"""The root of all addresses. Each journey adds its own routes here; tests enumerate them."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
