package cli

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// aspect is a field of a profile about the cluster or the set of objects.
type aspect struct {
	Field   string   `json:"field"`
	Value   any      `json:"value"`
	Sources []string `json:"sources"` // several if they add up
}

// byDefault is the source of a value that nothing sets.
const byDefault = "the default"

// cluster returns the fields, in the order of a profile, given the version of Tekton
// Pipelines that the rules are for.
func (c *explaining) cluster(version string) []aspect {
	replaced := c.profileFile != "" // all that the others say about the cluster
	p := c.config.Profile(c.path, c.base)
	p = overridden(p, c.given, replaced)
	p.OneSet = p.OneSet || c.given.OneSet
	sources := map[string][]string{}
	set := func(field, from string) {
		if field == "exists" {
			sources[field] = append(sources[field], from)
		} else {
			sources[field] = []string{from}
		}
	}
	if !replaced {
		for field := range fieldsOf(c.base) {
			set(field, c.from)
		}
		for _, f := range c.config.Fields() {
			set(f.Name, f.Position.String())
		}
	}
	given := c.given
	if replaced {
		given.Complete, given.OneSet = given.Complete && !c.complete, given.OneSet && !c.oneSet
		for field := range fieldsOf(given) {
			set(field, c.profileFile)
		}
	}
	if c.complete {
		set("complete", "--complete")
	}
	if c.oneSet {
		set("oneSet", "--one-set")
	}
	if c.folder && !p.UsedOnly {
		p.UsedOnly = true
		set("usedOnly", "a folder is checked")
	}
	values := fieldsOf(p)
	defaults := map[string]any{
		"pipelinesVersion": version, "apiFields": p.DefaultAPIFields(), "coschedule": "workspaces", "maxMatrix": new(check.Profile).MatrixLimit(),
		"timeoutMinutes": int(new(check.Profile).Timeout().Minutes()), "defaultServiceAccount": "default", "disableInlineSpec": "",
		"complete": false, "oneSet": false, "usedOnly": false, "exists": []diag.ObjectRef{}, "features": []string{}, "forbiddenEnv": []string{}, "remotes": map[string]string{},
	}
	var all []aspect
	for _, field := range fieldNames() {
		a := aspect{Field: field, Value: values[field], Sources: sources[field]}
		if a.Value == nil {
			a.Value = defaults[field]
		}
		if a.Sources == nil {
			a.Sources = []string{byDefault}
		}
		all = append(all, a)
	}
	return all
}

// fieldNames returns the fields of a profile, in order, except those that are explained
// otherwise, or are limits of one check.
func fieldNames() (names []string) {
	for f := range reflect.TypeFor[check.Profile]().Fields() {
		switch name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name {
		case "", "-", "persona", "maxFindings", "severities", "disabled":
		default:
			names = append(names, name)
		}
	}
	return names
}

// fieldsOf returns the fields of a profile that are set.
func fieldsOf(p check.Profile) map[string]any {
	v := reflect.ValueOf(p)
	all := map[string]any{}
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); !v.Field(i).IsZero() {
			all[name] = v.Field(i).Interface()
		}
	}
	return all
}

// text returns the value for people.
func (a aspect) text() string {
	const most = 3 // objects or names to show
	var names []string
	switch v := a.Value.(type) {
	case []string:
		names = v
	case []diag.ObjectRef:
		for _, o := range v {
			name := o.Kind
			if o.Namespace != "" {
				name += "/" + o.Namespace
			}
			names = append(names, name+"/"+o.Name)
		}
	case string:
		if v != "" {
			names = []string{v}
		}
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(text)
	}
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > most:
		names = append(names[:most:most], "and "+strconv.Itoa(len(names)-most)+" more")
	}
	return strings.Join(names, ", ")
}
