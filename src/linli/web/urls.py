from django.urls import path

from linli.web import pages

urlpatterns = [path("preferences", pages.preferences, name="preferences")]
