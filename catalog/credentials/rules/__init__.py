"""Pure rules of applications and of checks."""
