package bind

import (
	"errors"
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strings"

	sigsjson "sigs.k8s.io/json"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// Renames are the Go names that the user chose.
type Renames struct {
	// Types are the names of types, by the name of the Task or the StepAction, or by the source
	// that it is from.
	Types map[string]string `json:"types"`
	// Fields are the names of fields, by the same names and then by that of the param, the
	// workspace or the result.
	Fields map[string]map[string]string `json:"fields"`
}

// ParseRenames parses a file of names:
//
//	types:
//	  git-clone: Clone
//	  hub://git-clone@0.9: OldClone   # only the one of this source
//	fields:
//	  git-clone:
//	    url: Repository
//	    workspaces.output: Into       # params., workspaces. or results., where two have the name
func ParseRenames(text []byte) (Renames, error) {
	var r Renames
	raw, err := yamlread.JSON(text, true)
	if err != nil {
		return r, err
	}
	unknown, err := sigsjson.UnmarshalStrict(raw, &r)
	if err == nil && len(unknown) > 0 {
		err = unknown[0]
	}
	if err != nil {
		return r, fmt.Errorf("it is not a list of names: %w", err)
	}
	var errs []error
	check := func(of, name string) {
		if !token.IsIdentifier(name) || !token.IsExported(name) {
			errs = append(errs, fmt.Errorf("%q, for %q, is not an exported Go name", name, of))
		}
	}
	for _, of := range slices.Sorted(maps.Keys(r.Types)) {
		check(of, r.Types[of])
	}
	for _, of := range slices.Sorted(maps.Keys(r.Fields)) {
		for _, field := range slices.Sorted(maps.Keys(r.Fields[of])) {
			check(of+": "+field, r.Fields[of][field])
		}
	}
	return r, errors.Join(errs...)
}

// typeOf returns the name of the type of a document, "" for the usual one.
func (r Renames) typeOf(d *document) string {
	for _, key := range d.keys() {
		if n := r.Types[key]; n != "" {
			return n
		}
	}
	return ""
}

// fieldsOf returns the names of the fields of a document.
func (r Renames) fieldsOf(d *document) map[string]string {
	out := map[string]string{}
	for _, key := range slices.Backward(d.keys()) {
		maps.Copy(out, r.Fields[key])
	}
	return out
}

// keys are what a document is called in a file of names, the most exact first.
func (d *document) keys() []string {
	return []string{d.at(), d.place(), d.source.String(), d.shown, d.name()}
}

// unused returns an error for names that rename nothing.
func (r Renames) unused(docs []*document) error {
	known := map[string]bool{}
	var names []string
	for _, d := range docs {
		for _, k := range d.keys() {
			known[k] = true
		}
		names = append(names, d.name())
	}
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(r.Types)) {
		if !known[key] {
			errs = append(errs, nothingNamed(key, names, "--rename"))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(r.Fields)) {
		if !known[key] {
			errs = append(errs, nothingNamed(key, names, "--rename"))
			continue
		}
		for _, field := range slices.Sorted(maps.Keys(r.Fields[key])) {
			has := false
			var inputs []string
			for _, d := range docs {
				if slices.Contains(d.keys(), key) {
					for _, n := range d.signature().names() {
						has = has || n == field || strings.HasSuffix(n, "."+field)
						inputs = append(inputs, n[strings.IndexByte(n, '.')+1:])
					}
				}
			}
			if !has {
				errs = append(errs, fmt.Errorf("--rename: %s has no input or result %q%s", key, field, didYouMean(field, inputs)))
			}
		}
	}
	return errors.Join(errs...)
}

func nothingNamed(name string, names []string, flag string) error {
	return fmt.Errorf("%s: the sources have no Task or StepAction %q%s", flag, name, didYouMean(name, names))
}

func didYouMean(name string, names []string) string {
	if near := suggest.Name(name, names); near != "" {
		return "\n  help: did you mean " + near + "?"
	}
	return ""
}
