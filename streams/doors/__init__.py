"""The doors encoders and browsers push media through: RTMP and numbered chunks."""
