"""Tests of つなぎ Tsunagi."""
