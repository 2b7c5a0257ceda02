package check

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"

	"github.com/tekwright/tekwright/pkg/object"
)

// Run applies every rule to the objects as one set, and returns what they
// found, sorted. It changes none of the objects, panics on none, and may be
// called concurrently.
//
// The error is that of the context, if it ended before every object was
// checked: there are no findings then. Without a context to end, Run does not
// fail.
func Run(ctx context.Context, objects []object.Object, profile Profile) (diag.Findings, error) {
	c := newChecker(objects, profile)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// What is referred to comes first: its uses are known when it is passed
	// something.
	for _, phase := range []func(*entry) bool{
		func(e *entry) bool { return e.action != nil },
		func(e *entry) bool { return e.task != nil },
		func(e *entry) bool { return e.pipeline != nil },
		func(e *entry) bool { return e.run != nil || e.taskRun != nil },
		func(e *entry) bool { return !e.tekton() },
	} {
		for _, e := range c.entries {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if phase(e) {
				c.object(e)
			}
		}
	}
	c.custom()
	c.settle()
	c.findings.Sort()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return c.findings, nil
}

// adjust lets the makers of the objects say more about the findings in them.
func (c *checker) adjust() {
	findings, owners := c.findings[:0], c.owners[:0]
	for i, f := range c.findings {
		owner, _ := c.owners[i].owner("")
		if owner.Adjust != nil {
			var keep bool
			if f, keep = owner.Adjust(f); !keep {
				continue
			}
		}
		findings, owners = append(findings, f), append(owners, c.owners[i])
	}
	c.findings, c.owners = findings, owners
}

// checker is one call of Run.
type checker struct {
	*set
	profile   Profile
	findings  diag.Findings
	owners    []*entry // the object of each finding: one inside another where it lies there
	current   *entry   // the object that is looked at
	pipelines map[*entry]*pipelineCheck
	scopes    map[*entry]*paramScope
	missing   repeats // references to what is not in the set
	events    []*eventTrigger
	infraIndex
}

func newChecker(objects []object.Object, profile Profile) *checker {
	return &checker{
		set: newSet(objects), profile: profile, pipelines: map[*entry]*pipelineCheck{}, scopes: map[*entry]*paramScope{}, missing: repeats{},
	}
}

// scopeOf returns the declared params of a Task, StepAction or Pipeline.
func (c *checker) scopeOf(e *entry) *paramScope {
	if ps := c.scopes[e]; ps != nil {
		return ps
	}
	var specs []v1.ParamSpec
	switch {
	case e.task != nil:
		specs = e.task.Spec.Params
	case e.action != nil:
		specs = e.action.Spec.Params
	case e.pipeline != nil:
		specs = e.pipeline.Spec.Params
	}
	ps := newParamScope(in(e, "spec.params"), e.ref.String(), specs, nil)
	c.scopes[e] = ps
	return ps
}

// object applies the rules for the kind of the object. Whatever goes wrong
// with a half-filled object is no reason to lose the findings on the others.
func (c *checker) object(e *entry) {
	c.current = e
	defer func() {
		if r := recover(); r != nil {
			c.crashed(e, r)
		}
	}()
	switch {
	case e.task != nil:
		c.task(e)
	case e.action != nil:
		c.stepAction(e)
	case e.pipeline != nil:
		c.pipeline(e)
	case e.run != nil:
		c.pipelineRun(e)
	case e.taskRun != nil:
		c.taskRunObject(e)
	case e.customRun != nil:
		c.customRunObject(e)
	case e.policy != nil:
		c.policyObject(e)
	default:
		c.triggers(e)
		c.infra(e)
	}
	c.removed(e)
	c.metadata(e)
	c.needs(e)
	c.version(e)
	c.practice(e)
}

// crashed reports a fault of a rule itself, so that it is neither hidden nor
// fatal.
func (c *checker) crashed(e *entry, cause any) {
	c.warn(in(e, ""), "internal", "", fmt.Sprintf("a rule could not read this object: %v", cause),
		"please report this with the object")
}

// spot is a place inside an object.
type spot struct {
	*entry
	path string
	part string // the part of the value that is meant, or its key; "" for all of it
}

// in is the spot of a path of an object.
func in(e *entry, path string) spot { return spot{entry: e, path: path} }

func (s spot) at(path string) spot { return in(s.entry, path) }

// of is the spot of a part of the value at s, or of its key.
func (s spot) of(part string) spot { return spot{s.entry, s.path, part} }

// field is the spot of a field of the value at s.
func (s spot) field(name string) spot { return in(s.entry, field(s.path, name)) }

// index is the spot of an item of the list in a field of the value at s.
func (s spot) index(name string, i int) spot { return in(s.entry, at(field(s.path, name), i)) }

// related makes the spot the second place of a finding.
func (s spot) related(message string) diag.Related {
	if s.entry == nil {
		return diag.Related{Message: message}
	}
	owner, path := s.owned()
	return diag.Related{Message: message, Object: owner.ref, Path: path, Excerpt: s.part, Position: owner.Find(path, s.part)}
}

// owned is the object that the spot is in, and the path there.
func (s spot) owned() (*entry, diag.Path) {
	owner, text := s.owner(s.path)
	path, _ := diag.ParsePath(text) // which the rules build
	return owner, path
}

// report adds a finding.
func (c *checker) report(s spot, severity diag.Severity, code, subject, message, help string, related ...diag.Related) {
	if s.entry == nil {
		return
	}
	owner, path := s.owned()
	c.owners = append(c.owners, s.entry)
	c.findings = append(c.findings, diag.Finding{
		Code: code, Severity: severity, Object: owner.ref, Path: path, Excerpt: s.part, Position: owner.Find(path, s.part),
		Message: message, Help: help, Subject: subject, Related: slices.Clip(related),
	})
}

func (c *checker) fail(s spot, code, subject, message, help string, related ...diag.Related) {
	c.report(s, diag.Error, code, subject, message, help, related...)
}

func (c *checker) warn(s spot, code, subject, message, help string, related ...diag.Related) {
	c.report(s, diag.Warning, code, subject, message, help, related...)
}

func (c *checker) note(s spot, code, subject, message, help string, related ...diag.Related) {
	c.report(s, diag.Note, code, subject, message, help, related...)
}

// external reports a reference to an object that is not in the set: a note
// unless the set is complete, or a warning where it is surely misspelt. What is
// most likely meant is returned. Each object is told once for each name.
func (c *checker) external(s spot, kind, name, noun string) (meant string) {
	if c.profile.exists(kind, s.ref.Namespace, name) {
		return ""
	}
	meant = nearestVersion(name, c.names(kind))
	if c.again(c.missing, s.ref.String()+" "+kind+" "+name, s) {
		return meant
	}
	message, help := kind+" "+q(name)+" is not among the objects", "add it to the objects"
	if meant != "" {
		help = "did you mean " + q(meant) + "?"
	}
	switch {
	case c.profile.Complete:
		c.fail(s, noun+"-unknown", name, message, help)
	case unsure(name, c.names(kind)) == diag.Warning:
		c.warn(s, noun+"-unknown", name, message, help)
	default:
		if meant == "" {
			help = ""
		}
		c.note(s, noun+"-external", name, message+": what is passed to it cannot be checked", help)
	}
	return meant
}

// q quotes a name.
func q(name string) string { return strconv.Quote(name) }
