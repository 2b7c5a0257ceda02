package check

import (
	"fmt"
	"slices"

	"github.com/tekwright/tekwright/pkg/diag"

	"github.com/tekwright/tekwright/pkg/object"
)

// Rule is one thing that is looked for. [Rules] lists those of this package;
// [Profile].Rules adds rules of your own.
type Rule struct {
	// Code is the stable kebab-case name: noun and fault, "param-missing".
	Code string
	// Severity is the one of its findings unless [Profile].Severities says
	// otherwise; diag.Error where it is not set. Some rules find less severe things
	// as well.
	Severity diag.Severity
	// Topic is what it is about, one of [Topics].
	Topic string
	// Summary is one sentence, lower case, without a full stop.
	Summary string
	// Doc says what happens in a cluster and what to do, in Markdown.
	Doc string
	// Bad and Good are YAML that the rule reports, and that it does not.
	Bad, Good string
	// Profile is the one under which Bad is reported.
	Profile Profile

	// Check applies a rule of your own to one object of the set. It may call
	// [Inspection.Report] any number of times, must not change the object,
	// and may be called concurrently by several calls of [Run]. It is nil for
	// the rules of this package.
	Check func(*Inspection)
}

// Inspection is a look of a rule of your own at one object.
type Inspection struct {
	Object  object.Object   // the object to look at
	Objects []object.Object // all objects of the set, that one included

	report func(path, message, help string)
}

// Report adds a finding with the code and the severity of the rule: the path
// to the value at fault as in [Finding].Path, one sentence in lower case
// without a full stop, and what to do, which may be empty.
func (i *Inspection) Report(path, message, help string) { i.report(path, message, help) }

// custom applies the rules of the profile.
func (c *checker) custom() {
	if len(c.profile.Rules) == 0 {
		return
	}
	objects := make([]object.Object, len(c.entries))
	for i, e := range c.entries {
		objects[i] = e.Object
	}
	for _, r := range c.profile.Rules {
		for _, e := range c.entries {
			c.inspect(r, e, objects)
		}
	}
}

// inspect applies one rule of the profile to one object.
func (c *checker) inspect(r Rule, e *entry, objects []object.Object) {
	if r.Check == nil {
		return
	}
	defer func() {
		if cause := recover(); cause != nil {
			c.crashed(e, fmt.Sprintf("rule %s: %v", q(r.Code), cause))
		}
	}()
	r.Check(&Inspection{Object: e.Object, Objects: slices.Clone(objects), report: func(path, message, help string) {
		severity := r.Severity
		if !severity.IsValid() {
			severity = diag.Error
		}
		c.report(in(e, path), severity, r.Code, "", message, help)
	}})
}
