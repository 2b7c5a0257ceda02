package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// passing is values handed to declared params: by a pipeline task to a Task,
// by a step to a StepAction, by a run to its Pipeline or Task.
type passing struct {
	at     spot        // who passes: spec.tasks[0], spec
	list   string      // the field of the values: params
	values v1.Params   // what is passed
	target *paramScope // to what; its owner names whose params they are
	from   string      // who passes, in words: task "image"

	missing spot                // where a missing param is reported; at if empty
	matrix  map[string]spot     // params that a matrix gives, one string at a time
	typeOf  typeOf              // what an isolated reference in a value stands for
	enumOf  func(string) *param // the param of the passing side, for enums
	extra   diag.Severity       // of a param that nobody declares

	indexes []int // where the values stand in the list, if not in a row
}

// silent is the severity of what is not reported.
const silent diag.Severity = -1

// typeOf says what the reference stands for; false if that is not known.
type typeOf func(reference) (v1.ParamType, bool)

// passed checks values against the params that they are for.
func (c *checker) passed(p passing) {
	given := make(map[string]bool, len(p.values))
	for i := range p.values {
		v := &p.values[i]
		s := p.item(i)
		if given[v.Name] {
			continue // reported as a duplicate
		}
		given[v.Name] = true
		target := p.target.index[v.Name]
		if isUnset(&v.Value) {
			continue // reported where the value stands
		}
		if target == nil {
			c.extraParam(p, s, v.Name)
			continue
		}
		c.passedValue(p, s, &v.Value, target)
	}
	for _, name := range sortedKeys(p.matrix) {
		given[name] = true
		if target := p.target.index[name]; target == nil {
			c.extraParam(p, p.matrix[name], name)
		} else if target.typ != v1.ParamTypeString {
			c.fail(p.matrix[name], "param-type", name, "the matrix of "+p.from+" gives param "+q(name)+" one string at a time, but it is "+article(target.typ),
				"pass it under params", target.spot.related(p.target.owner+" declares it"))
		}
	}
	s := p.missing
	if s.entry == nil {
		s = p.at
	}
	free := unclaimed(p)
	for _, target := range p.target.list {
		if given[target.Name] || p.target.index[target.Name] != target {
			continue
		}
		if target.Default != nil {
			c.relies(p, s, target)
			continue
		}
		at, help := s, "set param "+q(target.Name)+", or give it a default"
		if near := nearest(target.Name, free); near != "" {
			at, help = p.named(near), "param "+q(near)+" is passed: did you mean "+q(target.Name)+"?"
		}
		c.fail(at, "param-missing", target.Name, p.from+" does not set param "+q(target.Name)+" of "+p.target.owner, help,
			target.spot.related(p.target.owner+" declares it without a default"))
	}
}

// item is the spot of a value.
func (p passing) item(i int) spot {
	if p.indexes != nil {
		i = p.indexes[i]
	}
	return p.at.index(p.list, i)
}

// named is the spot of the name of a value that is passed.
func (p passing) named(name string) spot {
	i := slices.IndexFunc(p.values, func(v v1.Param) bool { return v.Name == name })
	return p.item(i).field("name")
}

// values checks a list of params that are set, for themselves.
func (c *checker) values(s spot, list string, values v1.Params) {
	for i := range values {
		v, at := &values[i], s.index(list, i)
		switch {
		case v.Name == "":
			c.fail(at, "name-invalid", "", "the param "+at.path+" has no name", "set its name")
		case isUnset(&v.Value):
			c.fail(at, "value-missing", v.Name, "param "+q(v.Name)+" is set without a value", `set its value; "" is the empty string`)
		}
	}
}

func isUnset(v *v1.ParamValue) bool {
	return v.Type == "" && v.StringVal == "" && v.ArrayVal == nil && v.ObjectVal == nil
}

// unclaimed lists the names that are passed and declared by nobody.
func unclaimed(p passing) []string {
	var out []string
	for i := range p.values {
		if p.target.index[p.values[i].Name] == nil {
			out = append(out, p.values[i].Name)
		}
	}
	return out
}

// extraParam reports a value for a param that is not declared. If it looks
// like a misspelt one that is missing, that is reported there already.
func (c *checker) extraParam(p passing, s spot, name string) {
	for _, target := range p.target.list {
		if target.Default == nil && nearest(target.Name, []string{name}) != "" && !passes(p, target.Name) {
			return
		}
	}
	if p.extra == silent {
		return
	}
	verb := "does not declare, so it is ignored"
	if p.extra == diag.Error {
		verb = "does not declare"
	}
	c.report(s, p.extra, "param-extra", name, p.from+" sets param "+q(name)+", which "+p.target.owner+" "+verb,
		suggest(name, unset(p), "drop it, or declare it"))
}

func passes(p passing, name string) bool {
	_, ok := p.matrix[name]
	return ok || slices.ContainsFunc(p.values, func(v v1.Param) bool { return v.Name == name })
}

// unset lists the declared params that are not passed.
func unset(p passing) []string {
	var out []string
	for _, target := range p.target.list {
		if !passes(p, target.Name) {
			out = append(out, target.Name)
		}
	}
	return out
}

// passedValue checks one value against its param.
func (c *checker) passedValue(p passing, s spot, v *v1.ParamValue, target *param) {
	declared := target.spot.related(p.target.owner + " declares it as " + article(target.typ))
	got, known := valueType(v, p.typeOf)
	if known && got != target.typ {
		c.fail(s.field("value"), "param-type", target.Name, p.from+" sets param "+q(target.Name)+" to "+article(got)+", but it is "+article(target.typ),
			typeHelp(v, target.typ), declared)
		return
	}
	switch {
	case !known:
	case target.typ == v1.ParamTypeObject && valueKind(v) == v1.ParamTypeObject:
		c.passedKeys(p, s, v, target, declared)
	case target.typ == v1.ParamTypeArray && valueKind(v) == v1.ParamTypeArray:
		if n := len(v.ArrayVal); target.maxIndex >= n && !slices.ContainsFunc(v.ArrayVal, holdsReference) {
			c.fail(s.field("value"), "index-range", target.Name, p.from+" sets param "+q(target.Name)+" to "+count(n, "item")+", but item ["+itoa(target.maxIndex)+"] is read",
				"pass more items: the first has index 0", target.indexAt.related("it is read here"))
		}
	case target.typ == v1.ParamTypeString && len(target.Enum) > 0:
		c.passedEnum(p, s, v, target)
	}
}

func (c *checker) passedKeys(p passing, s spot, v *v1.ParamValue, target *param, declared diag.Related) {
	var missing []string
	for _, k := range target.keys {
		_, ok := v.ObjectVal[k]
		if !ok && target.Default != nil {
			_, ok = target.Default.ObjectVal[k]
		}
		if !ok {
			missing = append(missing, k)
		}
	}
	if len(missing) > 0 {
		c.fail(s.field("value"), "key-missing", target.Name, p.from+" sets param "+q(target.Name)+" without "+plural("key", missing),
			"add what is missing", declared)
	}
}

// passedEnum checks a literal against the enum, and a param that is passed on
// against it with its own enum.
func (c *checker) passedEnum(p passing, s spot, v *v1.ParamValue, target *param) {
	declared := target.spot.field("enum").related(p.target.owner + " declares its enum")
	if !holdsReference(v.StringVal) {
		if v.StringVal != "" && !slices.Contains(target.Enum, v.StringVal) {
			c.fail(s.field("value"), "enum-invalid", target.Name, p.from+" sets param "+q(target.Name)+" to "+q(v.StringVal)+", which is not in its enum",
				oneOf(v.StringVal, target.Enum), declared)
		}
		return
	}
	r, ok := isolated(v.StringVal)
	if !ok || r.kind != refParam || p.enumOf == nil {
		return
	}
	source := p.enumOf(r.name)
	if source == nil {
		return
	}
	if len(source.Enum) == 0 {
		c.fail(s.field("value"), "enum-invalid", target.Name, p.from+" passes param "+q(source.Name)+", which has no enum, to param "+q(target.Name)+", which has one",
			"give param "+q(source.Name)+" the same enum or a smaller one", declared)
		return
	}
	for _, value := range source.Enum {
		if !slices.Contains(target.Enum, value) {
			c.fail(s.field("value"), "enum-invalid", target.Name, "param "+q(source.Name)+" may be "+q(value)+", which the enum of param "+q(target.Name)+" lacks",
				"make the enums agree", declared, source.spot.field("enum").related("the enum of param "+q(source.Name)))
			return
		}
	}
}

// valueKind is the type of a value as it is written.
func valueKind(v *v1.ParamValue) v1.ParamType {
	if v.Type == "" {
		return v1.ParamTypeString
	}
	return v.Type
}

// valueType is the type that a value has once references are replaced; false
// if that is not known.
func valueType(v *v1.ParamValue, of typeOf) (v1.ParamType, bool) {
	kind := valueKind(v)
	if kind != v1.ParamTypeString || !holdsReference(v.StringVal) {
		return kind, true
	}
	r, ok := isolated(v.StringVal)
	if !ok {
		return v1.ParamTypeString, true
	}
	if r.fault != "" || of == nil {
		return "", false
	}
	return of(r)
}

// isolated returns the reference that is all of the text.
func isolated(s string) (reference, bool) {
	var r reference
	n, all := 0, false
	scan(s, func(m match) {
		n++
		if all = m.start == 0 && m.end == len(s) && !m.open; all {
			r = parseReference(m.expr)
		}
	})
	return r, n == 1 && all
}

const yamlHelp = "quote its values: y, no and 1 are no strings in YAML, and then Tekton takes the whole for one"

func typeHelp(v *v1.ParamValue, want v1.ParamType) string {
	if valueKind(v) == v1.ParamTypeString && holdsReference(v.StringVal) {
		return ""
	}
	switch want {
	case v1.ParamTypeArray:
		if strings.HasPrefix(v.StringVal, "[") {
			return yamlHelp
		}
		return "write a list"
	case v1.ParamTypeObject:
		if strings.HasPrefix(v.StringVal, "{") {
			return yamlHelp
		}
		return "write an object"
	}
	return "write a string"
}
