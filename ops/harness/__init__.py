"""Measures Flotilla beside other servers (bench), and shows the promises of a cluster on real nodes (fleet)."""
