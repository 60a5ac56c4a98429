"""The site's pages: reading, crawling and indexing them; answering from them; what they lack."""
