"""Chains: beats on one session in each lane, with what the operator does to the session between them."""
