"""Files of rows, read in parts that processes can take apart: CSV, JSON lines, Parquet."""
