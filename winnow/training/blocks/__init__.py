"""Training of the block model and of the model of raw dumps, from pages whose content is known."""
