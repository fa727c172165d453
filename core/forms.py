"""How forms look: Django's own renderer, with the templates in templates/django/forms and a field as
components/field.html.
"""

from django.forms.renderers import TemplatesSetting


class PortalFormRenderer(TemplatesSetting):
    field_template_name = "components/field.html"
