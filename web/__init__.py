"""The roof: the application, the command line, shared pages and health. Imports every room."""
