"""The real web, worker and beat, with a database, a Redis and a directory of their own: broken on purpose, and watched from outside."""
