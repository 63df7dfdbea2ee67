"""People: agencies, posts, and what each person may do, where and when."""
