"""Everything between a request and whole bytes: guard, robots.txt, retries, limits."""
