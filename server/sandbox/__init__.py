"""The sandbox platform: a real HTTP server with signed certificates that certify nothing."""

from server.sandbox.run import WARNING, Sandbox, SandboxError, SandboxSettings, run_sandbox, start_sandbox

__all__ = ["WARNING", "Sandbox", "SandboxError", "SandboxSettings", "run_sandbox", "start_sandbox"]
