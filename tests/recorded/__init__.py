"""Topics as earlier versions wrote them, for tests that read them with the code of today."""
