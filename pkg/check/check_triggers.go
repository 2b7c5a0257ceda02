package check

// triggers checks the objects of Tekton Triggers.
func (c *checker) triggers(e *entry) {
	c.interceptors(e)
}
