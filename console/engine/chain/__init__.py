"""Chains of beats on one session, with what the operator does to the session between them."""
