"""What is known of the passages before anybody asks: their words, languages and meaning."""
