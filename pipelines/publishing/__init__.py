"""From the private warehouse to what others read: snapshot, site, spreadsheets; staged whole, swapped in at once."""
