package project

import (
	"cmp"
	"context"
	"slices"

	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Script is a script that Tekton pastes inputs into.
type Script struct {
	At   diag.Position `json:"-"`
	File string        `json:"file"`
	Line int           `json:"line"`
	Kind string        `json:"kind"`
	Name string        `json:"name"`
	Path string        `json:"path"` // of the script in the object
	// Inputs are the names of the inputs.
	Inputs []string `json:"inputs"`
	// Event is set if an event sets one of them: a stranger's as far as is known, or any one that
	// starts a TriggerTemplate.
	Event bool `json:"event"`
	// Secret is set if the name of one of them sounds like that of a password.
	Secret bool `json:"secret"`
}

// Scripts returns the scripts that inputs are pasted into. Those that an event
// sets come first, then those with what sounds like a password, then those with the most
// inputs.
func (s *Sources) Scripts(ctx context.Context) ([]Script, error) {
	objects := make([]object.Object, len(s.Documents))
	for i := range s.Documents {
		objects[i] = s.Documents[i].Object
	}
	findings, err := check.RunRules(ctx, objects, check.Profile{Persona: rule.Auditor}, rulesOf(check.InputInScript, check.UntrustedInput)...)
	if err != nil {
		return nil, err
	}
	type place struct{ object, path string }
	at := map[place]*Script{}
	var all []*Script
	for _, f := range findings {
		key := place{f.Position.File + " " + f.Object.String(), f.Path.String()}
		one := at[key]
		if one == nil {
			script := scriptOf(f)
			one, script.Inputs = &script, []string{}
			at[key] = one
			all = append(all, one)
		}
		names, event := inputsOf(f)
		for _, name := range names {
			if !slices.Contains(one.Inputs, name) {
				one.Inputs = append(one.Inputs, name)
			}
			one.Secret = one.Secret || secrets.Named(name, true)
		}
		one.Event = one.Event || event || f.Code == check.UntrustedInput
	}
	rank := func(s *Script) int {
		n := min(len(s.Inputs), 100)
		if s.Secret {
			n += 1000
		}
		if s.Event {
			n += 10000
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b *Script) int {
		return cmp.Or(rank(b)-rank(a), a.At.Compare(b.At), cmp.Compare(a.Path, b.Path))
	})
	out := make([]Script, len(all))
	for i, one := range all {
		out[i] = *one
	}
	return out, nil
}

// rulesOf returns the rules with some codes.
func rulesOf(codes ...string) []*rule.Rule {
	return slices.DeleteFunc(check.Rules(), func(r *rule.Rule) bool { return !slices.Contains(codes, r.Code) })
}

// scriptOf returns the script that a finding is about.
func scriptOf(f diag.Finding) Script {
	names, _ := inputsOf(f)
	return Script{At: f.Position, File: f.Position.File, Line: f.Position.Line, Kind: f.Object.Kind, Name: f.Object.Name, Path: f.Path.String(), Inputs: names}
}

// inputsOf returns the names of the inputs that a finding is about, and whether an event sets
// one of them. The subject of input-in-script is the first one, and its message has the
// variables of all.
func inputsOf(f diag.Finding) (names []string, event bool) {
	text := f.Subject
	if f.Code == check.InputInScript {
		text += " " + f.Message
	}
	for m := range tekref.Scan(text) {
		v := tekref.Parse(m.Expr)
		event = event || v.Kind == tekref.Event
		if v.Name != "" && !slices.Contains(names, v.Name) {
			names = append(names, v.Name)
		}
	}
	if len(names) == 0 && f.Subject != "" {
		names = []string{f.Subject}
	}
	return names, event
}
