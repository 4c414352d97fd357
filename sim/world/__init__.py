"""Who exists: households and their ties, chats, KOCs, goods, the market, and their luck."""
