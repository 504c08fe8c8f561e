"""The engines that run the models: DuckDB and Spark."""
