"""From a file of a site to its passages: HTML, PDF or plain text, without what nobody sees."""
