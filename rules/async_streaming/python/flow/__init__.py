"""Where events go on from what takes or writes them, and how they are kept and taken apart."""
