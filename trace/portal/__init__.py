"""The producer's desk: today's tasks, registering a batch one question a page, and the sheet of QR codes."""
