"""Policy as pure functions: frozen views in, indices or small codes out."""
