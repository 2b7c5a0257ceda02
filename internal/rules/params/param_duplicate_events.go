package params

import "github.com/tekwright/tekwright/pkg/rule"

// suppliedTwice reports params that the bindings of a trigger supply twice.
func suppliedTwice(*rule.Pass) {}
