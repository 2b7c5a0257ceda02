package params

import "github.com/tekwright/tekwright/pkg/rule"

// unsupplied reports params of a template that no binding supplies.
func unsupplied(*rule.Pass) {}
