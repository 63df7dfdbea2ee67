"""Commands about flow charts."""
