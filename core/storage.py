"""Static files: hashed names and compressed copies."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Vendored stylesheets name source maps that we do not ship; that is no reason to stop."""

    manifest_strict = True
    support_js_module_import_aggregation = True
