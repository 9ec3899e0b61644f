"""The doors that speak HTTP. They parse, make one domain call, and render; they never import each other."""
