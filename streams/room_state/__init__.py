"""What everybody sees of a room, as one small object: beside the video, and kept with it."""
