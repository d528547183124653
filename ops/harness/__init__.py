"""Measures Flotilla beside other servers (bench), and shows on real nodes what a cluster promises (fleet)."""
