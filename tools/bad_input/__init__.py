"""Bad input at every door: a corpus of 10,000 cases, a fuzzer, and an oracle that was written without the types."""
