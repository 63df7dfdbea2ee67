"""Demonstration: a made-up copy of the province of Đồng Nai at 14/3/2023."""
