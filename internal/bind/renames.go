package bind

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// Renames are the Go names that the user chose.
type Renames struct {
	// Types are the names of types, by kind and name as in "Task git-clone", or by the source
	// that it is from.
	Types map[string]string
	// Fields are the names of fields, by the same names and then by params., workspaces. or
	// results. and the name in YAML.
	Fields map[string]map[string]string
}

// fieldKey matches the name of a field: what has it, what it is, and its name in YAML.
var fieldKey = regexp.MustCompile(`^(.+) (param|workspace|result) (\S+)$`)

// ParseRenames parses a file of names, which is the same one as that of tekwright import. A
// source may be written instead of a kind and a name:
//
//	Task git-clone: Clone
//	Task git-clone param url: Repository
//	hub://git-clone@0.9: OldClone   # only the one of this source
func ParseRenames(text []byte) (Renames, error) {
	r := Renames{Types: map[string]string{}, Fields: map[string]map[string]string{}}
	all := map[string]string{}
	raw, err := yamlread.JSON(text, true)
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil {
		return r, fmt.Errorf("it is not a map from what is named to its Go name, such as \"Task git-clone: Clone\": %w", err)
	}
	var errs []error
	for _, of := range slices.Sorted(maps.Keys(all)) {
		name := all[of]
		if !token.IsIdentifier(name) || !token.IsExported(name) {
			errs = append(errs, fmt.Errorf("%q, for %q, is not an exported Go name", name, of))
			continue
		}
		m := fieldKey.FindStringSubmatch(of)
		if m == nil {
			r.Types[of] = name
			continue
		}
		if r.Fields[m[1]] == nil {
			r.Fields[m[1]] = map[string]string{}
		}
		r.Fields[m[1]][m[2]+"s."+m[3]] = name
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
	return []string{d.at(), d.place(), d.source.String(), d.shown, d.kind() + " " + d.name()}
}

// unused returns an error for names that rename nothing.
func (r Renames) unused(docs []*document) error {
	known := map[string]bool{}
	var names []string
	for _, d := range docs {
		for _, k := range d.keys() {
			known[k] = true
		}
		names = append(names, d.kind()+" "+d.name())
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
						has = has || n == field
						inputs = append(inputs, inWords(n))
					}
				}
			}
			if !has {
				errs = append(errs, fmt.Errorf("--rename: %s has no %s%s", key, inWords(field), didYouMean(inWords(field), inputs)))
			}
		}
	}
	return errors.Join(errs...)
}

// inWords returns the name of a field as a file of names has it: param url.
func inWords(field string) string { return strings.Replace(field, "s.", " ", 1) }

func nothingNamed(name string, names []string, flag string) error {
	if flag == "--rename" {
		return fmt.Errorf("%s: the sources have no %q%s", flag, name, didYouMean(name, names))
	}
	return fmt.Errorf("%s: the sources have no Task or StepAction %q%s", flag, name, didYouMean(name, names))
}

func didYouMean(name string, names []string) string {
	if near := suggest.Name(name, names); near != "" {
		return "\n  help: did you mean " + near + "?"
	}
	return ""
}
