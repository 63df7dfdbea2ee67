"""Pages of the desk: read the request, make one call, answer."""
