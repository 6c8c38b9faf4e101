"""Work as rows: state, attempts, lease, progress, reason.

The row is the truth; whoever runs it (the embedded worker, Celery) only claims it.
Imports core only.
"""
