package cli

// Describe is describe, for tests.
var Describe = describe
