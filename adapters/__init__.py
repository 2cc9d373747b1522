"""How an agent is run: Paperclip adapters, the Node they need, and the model endpoint they talk to."""
