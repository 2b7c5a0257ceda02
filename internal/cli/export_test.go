package cli

// Describe is describe, for tests.
var Describe = describe

// Params is params, for tests.
var Params = params
