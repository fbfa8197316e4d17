"""What became of the crawl, as one page for people: figures from ``output/``, charts, and a template."""
