"""Who may play a broadcast, and the addresses it is played from."""
