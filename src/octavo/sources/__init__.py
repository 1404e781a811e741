"""The world coming in: the network door, feeds, discovery, extraction, OPML. All of it is untrusted until read here."""
