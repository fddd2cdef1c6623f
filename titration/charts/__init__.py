"""The stacked chart of one patient: SVG on the server and on paper, a canvas in the browser, and a table.

Pure: domain values in, values and text out. Nothing here judges; findings are drawn where the rules put them.
"""

from titration.charts.build import chart_model
from titration.charts.model import ChartModel
from titration.charts.page import ChartPage, chart_page
from titration.charts.rows import chart_readout, chart_rows
from titration.charts.spark import spark_path
from titration.charts.svg import chart_svg

__all__ = [
    "ChartModel",
    "ChartPage",
    "chart_model",
    "chart_page",
    "chart_readout",
    "chart_rows",
    "chart_svg",
    "spark_path",
]
