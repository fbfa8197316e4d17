"""How well newsbot reads pages, and the training of what it learnt."""
