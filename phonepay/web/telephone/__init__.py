"""The telephone in the browser: really calls the line, where the telephone network and the bank are our stand-ins."""
