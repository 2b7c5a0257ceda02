package check

// infra checks the objects of Kubernetes itself that CI/CD needs.
func (c *checker) infra(e *entry) {
	c.binding(e)
}
