"""Flotilla beside other FTPS servers, and what a cluster costs; ops/bin/bench. See docs/explanation/benchmark.md."""
