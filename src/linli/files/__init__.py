"""Photos and papers, made safe (文件)."""
