"""From a document to a text in one markup."""
