"""Flotilla beside other FTPS servers, and the cost of a cluster; ops/bin/bench. See docs/explanation/benchmark.md."""
