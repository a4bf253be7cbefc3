"""The reference pages of the documentation, written from the code itself (参考文档生成)."""
