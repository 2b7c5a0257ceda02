package settings

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Severity is the severity of a rule in a text, or Off.
type Severity = diag.Severity

// Off is the severity of a rule that is turned off. It is no severity of a finding.
const Off Severity = 0

// The values that fields expect.
const (
	wantsCodes      = "a list of codes"
	wantsNames      = "a list of names"
	wantsSeverities = "a map from codes to error, warning, note or off"
	wantsRemotes    = "a map from URLs and names to files and folders"
	wantsObjects    = "a list of objects with kind, name and an optional namespace"
)

// Profile returns the fields of a profile, which are read into p, except severities and
// disabled: for each code in them, rule is called.
func (r *Reader) Profile(p *rule.Profile, rule func(key yamlread.Key, s Severity)) Fields {
	fields := Fields{}
	for name, target := range FieldsOf(p) {
		fields[name] = func(_ yamlread.Key, n *yamlread.Node) { r.into(name, n, target) }
	}
	fields["severities"] = func(_ yamlread.Key, n *yamlread.Node) { r.Severities(n, rule) }
	fields["disabled"] = func(_ yamlread.Key, n *yamlread.Node) { r.Disabled(n, rule) }
	return fields
}

// FieldsOf returns pointers to the fields of a struct, by their JSON names.
func FieldsOf(pointer any) map[string]any {
	v := reflect.ValueOf(pointer).Elem()
	out := map[string]any{}
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			out[name] = v.Field(i).Addr().Interface()
		}
	}
	return out
}

// into reads a value into a field of a profile.
func (r *Reader) into(name string, n *yamlread.Node, target any) {
	switch target := target.(type) {
	case *bool:
		if n.Kind != yamlread.Bool {
			r.Wrong(name, n, "true or false")
			return
		}
		*target = n.Text == "true"
	case *int:
		*target, _ = r.number(name, n)
	case **int:
		if i, ok := r.number(name, n); ok {
			*target = &i
		}
	case *string:
		*target, _ = r.Text(name, n, "a string")
	case *rule.Persona:
		text, _ := r.Text(name, n, "a string")
		*target = rule.Persona(text)
	case *[]string:
		*target = r.Names(name, n, wantsNames)
	case *map[string]string:
		if n.Kind != yamlread.Map {
			r.Wrong(name, n, wantsRemotes)
			return
		}
		*target = map[string]string{}
		r.Each(n, func(key yamlread.Key, value *yamlread.Node) {
			if text, ok := r.Text("the value of "+strconv.Quote(key.Name)+" in "+name, value, "the path of a file or folder"); ok {
				(*target)[key.Name] = text
			}
		})
	case *[]diag.ObjectRef:
		r.List(name, n, wantsObjects, func(_ int, item *yamlread.Node) {
			if item.Kind != yamlread.Map {
				r.Wrong("an item of "+name, item, "an object with kind, name and an optional namespace")
				return
			}
			var ref diag.ObjectRef
			fields := Fields{}
			for field, target := range FieldsOf(&ref) {
				fields[field] = func(_ yamlread.Key, n *yamlread.Node) { r.into(name+"."+field, n, target) }
			}
			r.Map(item, name, fields)
			*target = append(*target, ref)
		})
	}
}

// number returns an integer.
func (r *Reader) number(name string, n *yamlread.Node) (int, bool) {
	if n.Kind == yamlread.Number {
		if i, err := strconv.Atoi(n.Text); err == nil {
			return i, true
		}
	}
	r.Wrong(name, n, "a number")
	return 0, false
}

// Severities calls a function for each code of a map from codes to severities.
func (r *Reader) Severities(n *yamlread.Node, rule func(key yamlread.Key, s Severity)) {
	if n.Kind != yamlread.Map {
		r.Wrong("severities", n, wantsSeverities)
		return
	}
	r.Each(n, func(key yamlread.Key, value *yamlread.Node) {
		if s, ok := r.severity(key.Name, value); ok {
			rule(key, s)
		}
	})
}

// severity returns a severity. An unquoted off is false in YAML 1.1.
func (r *Reader) severity(code string, n *yamlread.Node) (Severity, bool) {
	if n.Kind == yamlread.Bool && n.Text == "false" || n.Kind == yamlread.String && n.Text == "off" {
		return Off, true
	}
	if n.Kind == yamlread.String {
		if s, err := diag.ParseSeverity(n.Text); err == nil {
			return s, true
		}
	}
	r.Wrong("the severity of "+strconv.Quote(code), n, "error, warning, note or off")
	return 0, false
}

// Disabled calls a function for each code of a list.
func (r *Reader) Disabled(n *yamlread.Node, rule func(key yamlread.Key, s Severity)) {
	r.List("disabled", n, wantsCodes, func(_ int, item *yamlread.Node) {
		if code, ok := r.Text("an item of disabled", item, "a code"); ok {
			rule(yamlread.Key{Name: code, Mark: item.Mark}, Off)
		}
	})
}
