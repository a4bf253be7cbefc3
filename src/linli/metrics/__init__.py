"""The one catalogue of figures (指标目录), beginning with the health of Linli's own parts."""
