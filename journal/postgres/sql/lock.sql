-- Waits for appends and scans that are under way, and keeps new ones waiting.
lock table charter.head, charter.record, charter.epoch in access exclusive mode
