"""Static files under names that carry their hash, also where one module of ours imports another: a browser that kept
files of an earlier version never mixes them with new ones.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
