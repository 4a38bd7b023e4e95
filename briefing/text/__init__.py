"""What can be read off a text by rules: sentences, words, numbers, names, quotes and dates."""
