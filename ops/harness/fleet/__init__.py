"""Fleets of real nodes behind a real HAProxy. ops/bin/verify-cluster runs it."""
