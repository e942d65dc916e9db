"""Places as people write them: the offline gazetteer and the matcher of addresses."""
