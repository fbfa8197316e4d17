"""newsbot: news sites as data. Stories, teasers and how both change, as JSON Lines."""

__version__ = "0.1.0"
