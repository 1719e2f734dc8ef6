"""For content editors: what people asked, and how an answer is changed, tried out and handed over."""
