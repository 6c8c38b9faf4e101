"""Time becomes a livestream: claims, proposals, series, other times, other hosts."""
