package check

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// param is one declared param.
type param struct {
	*v1.ParamSpec
	typ  v1.ParamType // with Tekton's default
	spot spot
	keys []string // of an object: those declared, or of the default

	given    bool // it is a value that is passed, not a declaration
	used     bool
	reads    []string // of an object: the keys that are read, "" for all of it
	maxIndex int      // the highest index that is read from it; -1 for none
	indexAt  spot
	beyond   int // the number of the finding that an index is beyond the default; 0 for none
}

// read marks the param as used by a reference.
func (p *param) read(r reference) {
	p.used = true
	if p.typ == v1.ParamTypeObject && !slices.Contains(p.reads, r.Key) {
		p.reads = append(p.reads, r.Key)
	}
}

// length is the number of items of the default of a list; -1 if unknown.
func (p *param) length() int {
	if p.Default == nil || p.Default.Type != v1.ParamTypeArray || slices.ContainsFunc(p.Default.ArrayVal, tekref.Contains) {
		return -1
	}
	return len(p.Default.ArrayVal)
}

// paramScope is the params that a text may name: those of its own object, and
// those of the objects around it.
type paramScope struct {
	spot  spot   // of the list
	owner string // whose they are: Task "kaniko"
	list  []*param
	index map[string]*param
	outer *paramScope

	// strict says that the scopes around this one are declarations alone: then
	// Tekton holds each key against all that declare the param.
	strict bool
}

// newParamScope collects declared params. Of two with one name the first
// counts.
func newParamScope(s spot, owner string, specs []v1.ParamSpec, outer *paramScope) *paramScope {
	ps := &paramScope{spot: s, owner: owner, index: make(map[string]*param, len(specs)), outer: outer}
	for i := range specs {
		p := &param{ParamSpec: &specs[i], typ: paramType(&specs[i]), spot: s.at(at(s.path, i)), maxIndex: -1}
		if p.typ == v1.ParamTypeObject {
			if p.keys = sortedKeys(specs[i].Properties); len(p.keys) == 0 && specs[i].Default != nil {
				p.keys = sortedKeys(specs[i].Default.ObjectVal)
			}
		}
		ps.list = append(ps.list, p)
		if _, ok := ps.index[p.Name]; !ok {
			ps.index[p.Name] = p
		}
	}
	return ps
}

// valueScope makes a scope of values that are passed under names which nobody
// declared: Tekton replaces them in embedded specs all the same. A type that
// is not known is empty.
func valueScope(s spot, owner string, values v1.Params, of typeOf, outer *paramScope) *paramScope {
	specs := make([]v1.ParamSpec, len(values))
	for i := range values {
		value := values[i].Value
		if value.Type == "" {
			value.Type = v1.ParamTypeString
		}
		specs[i] = v1.ParamSpec{Name: values[i].Name, Type: value.Type, Default: &value}
	}
	ps := newParamScope(s, owner, specs, outer)
	for _, p := range ps.list {
		p.given = true
		p.used = true // nobody is told that a value is unused
		p.typ, _ = valueType(p.Default, of)
	}
	return ps
}

// passedObjects finds the keys of whole objects that are passed on.
func (p *pipelineCheck) passedObjects(values *paramScope) {
	for _, v := range values.list {
		r, ok := isolated(v.Default.StringVal)
		if !ok || v.typ != v1.ParamTypeObject || len(v.keys) > 0 || r.Fault != "" {
			continue
		}
		switch r.Kind {
		case refTaskResult:
			if t := p.byName[r.Owner]; t != nil && t.def.results[r.Name] != nil {
				v.keys = sortedKeys(t.def.results[r.Name].Properties)
			}
		case refParam:
			for s := p.params; s != nil; s = s.outer {
				if same := s.index[r.Name]; same != nil {
					v.keys = append(v.keys, same.keys...)
				}
			}
		}
	}
}

// find returns the innermost param of that name.
func (ps *paramScope) find(name string) *param {
	for s := ps; s != nil; s = s.outer {
		if p := s.index[name]; p != nil {
			return p
		}
	}
	return nil
}

// hasKey reports whether the object of that name in scope has the key: the
// innermost one that declares its keys counts, and without one Tekton merges
// what a run gives with the defaults.
func (ps *paramScope) hasKey(name, key string) bool {
	found := false
	for s := ps; s != nil; s = s.outer {
		p := s.index[name]
		switch {
		case p == nil:
		case len(p.Properties) > 0:
			if _, ok := p.Properties[key]; !ok || !ps.strict {
				return ok
			}
			found = true
		case slices.Contains(p.keys, key) || p.typ == v1.ParamTypeObject && len(p.keys) == 0:
			found = true
		case p.Default != nil:
			_, ok := p.Default.ObjectVal[key]
			found = found || ok
		}
	}
	return found
}

// names lists all params in scope, innermost first.
func (ps *paramScope) names() []string {
	var out []string
	for s := ps; s != nil; s = s.outer {
		for _, p := range s.list {
			if len(out) == maxCandidates {
				return out
			}
			out = append(out, p.Name)
		}
	}
	return out
}

// paramType is the type of a declared param, as Tekton defaults it.
func paramType(p *v1.ParamSpec) v1.ParamType {
	switch {
	case p.Type != "":
		return p.Type
	case p.Properties != nil:
		return v1.ParamTypeObject
	case p.Default == nil:
		return v1.ParamTypeString
	case p.Default.Type != "":
		return p.Default.Type
	case p.Default.ArrayVal != nil:
		return v1.ParamTypeArray
	case p.Default.ObjectVal != nil:
		return v1.ParamTypeObject
	}
	return v1.ParamTypeString
}

// resultType is the type of a declared result, as Tekton defaults it.
func resultType(t v1.ResultsType, properties map[string]v1.PropertySpec) v1.ParamType {
	switch {
	case t != "":
		return v1.ParamType(t)
	case properties != nil:
		return v1.ParamTypeObject
	}
	return v1.ParamTypeString
}

// article names a type in a sentence.
func article(t v1.ParamType) string {
	switch t {
	case v1.ParamTypeArray:
		return "an array"
	case v1.ParamTypeObject:
		return "an object"
	case v1.ParamTypeString:
		return "a string"
	}
	return "of type " + q(string(t))
}
