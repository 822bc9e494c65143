"""What people see: attendees' pages, the desk, the capture page."""
