"""Platforms by providers: processes of their own that are asked by `PlatformProviderService`."""
