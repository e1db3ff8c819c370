"""The page to forward: one HTML file without network, made from the tables of a finished run."""

from sim.report.page.page import PAGE, page_of, write_page

__all__ = ["PAGE", "page_of", "write_page"]
