"""The telephone's page, and the part of it that changes while somebody is on the line."""

from django.urls import URLPattern, URLResolver, path

from phonepay.web.telephone import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("try-the-line/telephone", views.telephone, name="try-telephone"),
    path("try-the-line/telephone/now", views.now, name="try-telephone-now"),
]
