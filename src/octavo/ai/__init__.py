"""Models: embeddings on this machine and the optional language model."""
