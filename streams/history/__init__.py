"""Where somebody stopped watching, if she wants that kept: apart from who she is."""
