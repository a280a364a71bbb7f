"""The take-away: everything that was found, as a paper for a committee (Word, web page, Markdown) or a workbook."""
