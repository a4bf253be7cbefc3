"""What makes a photo safe (照片处理), without Django: it also runs in a process of its own."""
