"""A finished run for other programs: a spreadsheet, plain tables, a log of cases."""

from sim.report.exports.plain import write_csv
from sim.report.exports.workbook import write_xlsx

__all__ = ["write_csv", "write_xlsx"]
