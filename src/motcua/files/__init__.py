"""Files: stored documents, checked on the way in and named by what is in them."""
