"""What a beat resumed, read from the requests that reached the model endpoint."""
