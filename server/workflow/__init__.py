"""One order's way through: taken in, decided, recorded, sent to a platform, proved, and finished by whoever is left."""
