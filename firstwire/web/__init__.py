"""The console: what was read, told and delivered, on pages and as JSON; what people change there, and who did it."""
