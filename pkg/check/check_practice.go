package check

// practice warns of what works and had better be otherwise.
func (c *checker) practice(*entry) {}
