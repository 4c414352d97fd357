"""How the program behaves at a terminal: its own folder and process, and how far it has come."""
