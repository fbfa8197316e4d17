"""One spider class, a spider a site, and one for archives."""
