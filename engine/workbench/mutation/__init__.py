"""Mutation: each rule changed a little, to see whether a rule test notices."""
