"""Adapters of a few lines each between Scrapy's item line and the rooms below."""
