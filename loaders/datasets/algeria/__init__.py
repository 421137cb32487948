"""Algeria: wilayas, daïras and communes, with their Arabic names."""
