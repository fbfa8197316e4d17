"""The commands of `scrapy`: adapters that read arguments, call the rooms below and print."""
