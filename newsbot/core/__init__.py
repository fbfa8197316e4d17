"""Bytes to regions: pure functions that know no Scrapy, no file, no clock and no settings."""
