"""The heartbeat engine, without a screen."""
