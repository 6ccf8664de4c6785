"""How much a server takes: calls at once and waiting, of all and of each tenant, in a second and in a day."""
