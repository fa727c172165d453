"""The trail's words in templates."""

from django import template

from accounts.trail.words import said_of, shown_of

register = template.Library()
register.filter("trail_words", said_of)
register.filter("trail_changes", shown_of)
