package check

import "github.com/tekwright/tekwright/pkg/rule"

// Suppress returns the name of the annotation that suppresses a rule for an object. The
// value of the annotation is the reason, which must not be empty:
//
//	t.Annotate(check.Suppress(check.Privileged), "it loads a kernel module")
//
// An object that must not be changed is for [Accepted].
func Suppress(code string) string { return rule.SuppressPrefix + code }
