// Package podspec finds what the API server rejects in the parts of a pod that Tekton
// copies from Tasks and runs: environment variables, volumes, ports, probes, users, and
// the fields of pod templates. It has the verdicts of Kubernetes' own validation,
// k8s.io/kubernetes/pkg/apis/core/validation, after the defaults that the API server sets.
//
// A value with a variable or a template expression is not known before the run, so
// nothing is said about it. The same is true of what depends on a feature gate. The rule
// word-unknown reports unknown words in fields that have a list of them.
package podspec

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// A Problem is something that the API server rejects.
type Problem struct {
	Path    diag.Path // of the field at fault, below the value that was checked
	Subject string    // the value at fault
	Message string    // a predicate: "has a secretKeyRef without a key"
	Help    string    // "" if Options has the valid values
	Missing bool      // whether there is no such field

	// Options are the valid values of a field with few of them.
	Options []string
}

// problems collects the problems of a value.
type problems []Problem

func (l *problems) add(at diag.Path, subject, message, help string) {
	*l = append(*l, Problem{Path: at, Subject: subject, Message: message, Help: help})
}

// lacks reports that a field of what is described as noun is missing, if the value is "".
func (l *problems) lacks(at diag.Path, field, value, noun string) bool {
	if value != "" {
		return false
	}
	l.missing(at.Field(field), "has "+noun+" without "+field, "set "+field)
	return true
}

func (l *problems) missing(at diag.Path, message, help string) {
	*l = append(*l, Problem{Path: at, Message: message, Help: help, Missing: true})
}

// oneOf reports a value that is not among the valid ones.
func (l *problems) oneOf(at diag.Path, noun, value string, options ...string) {
	if isOpen(value) || slices.Contains(options, value) {
		return
	}
	*l = append(*l, Problem{Path: at, Subject: value, Message: "has the unknown " + noun + " " + quote(value), Options: options})
}

// invalid reports a value that is not open and does not pass a check of Kubernetes.
func (l *problems) invalid(at diag.Path, noun, value, help string, check func(string) []string) {
	if !isOpen(value) && len(check(value)) > 0 {
		l.add(at, value, "has the invalid "+noun+" "+quote(value), help)
	}
}

// isOpen reports whether something sets a part of the text before the API server sees it.
func isOpen(s string) bool { return tekref.Contains(s) || strings.Contains(s, "{{") }
