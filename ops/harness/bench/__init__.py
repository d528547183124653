"""Flotilla beside other FTPS servers, and what a cluster costs. ops/bin/bench runs it; docs/explanation/benchmark.md."""
