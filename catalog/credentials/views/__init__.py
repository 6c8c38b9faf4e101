"""Pages of licences: the application, the licence of a host."""
