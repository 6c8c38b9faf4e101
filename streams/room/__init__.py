"""What a room stands on: a secret that names nobody, and the number of its changes."""
