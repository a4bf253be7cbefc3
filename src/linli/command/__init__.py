"""The situation board (指挥系统)."""
