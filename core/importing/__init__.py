"""Lists that come in as files: read in a child process, staged by COPY, checked set-wise, shown, then taken over.

`reading` and what it imports know neither Django nor the database, so that the child starts quickly and may die alone.
"""
