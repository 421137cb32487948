"""How to cite a thing, an export, or the answer to a question: `/cite/…`."""
