"""What a host and an editor need to put a livestream on air with an encoder."""
