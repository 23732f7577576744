"""The vocabulary: enums, ids, units, instruments, messages, order states, reasons, errors and ports."""
