"""Faults on demand, so that every way in which a platform can fail is met before a real one does it."""

from server.sandbox.faults.befalling import ARRIVED, BEFALLEN, FAULTS, befall
from server.sandbox.faults.fault import OPERATIONS, Fault, FaultKind, read_fault
from server.sandbox.faults.fault_file import FaultFileInvalid, load_faults
from server.sandbox.faults.seconds import Seconds
from server.sandbox.faults.waiting import Due, Faults

__all__ = [
    "ARRIVED",
    "BEFALLEN",
    "FAULTS",
    "OPERATIONS",
    "Due",
    "Fault",
    "FaultFileInvalid",
    "FaultKind",
    "Faults",
    "Seconds",
    "befall",
    "load_faults",
    "read_fault",
]
