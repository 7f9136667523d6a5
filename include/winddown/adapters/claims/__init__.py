"""Evidence packs: letters, tables and their ZIP."""
