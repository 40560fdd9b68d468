"""The Excel and PDF packs that are published beside the site: the month of the portfolio and of each programme."""
