"""Pure rules of editing: contents, their faults, differences, signatures and lengths."""
