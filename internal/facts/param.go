package facts

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Param is one declared param, or a value that is passed under a name.
type Param struct {
	*v1.ParamSpec
	Type v1.ParamType // with Tekton's default; "" if it is not known
	Spot Spot
	Keys []string // of an object: those declared, or of the default
	// Given reports whether it is a value that is passed, not a declaration.
	Given bool

	scope *ParamScope
}

// Length returns the number of items of the default of an array; -1 if it is not
// known.
func (p *Param) Length() int {
	if p.Default == nil || p.Default.Type != v1.ParamTypeArray || slices.ContainsFunc(p.Default.ArrayVal, tekref.Contains) {
		return -1
	}
	return len(p.Default.ArrayVal)
}

// ParamScope is the params that a text may name: those of its own object, and
// those of the objects around it.
type ParamScope struct {
	Spot  Spot   // of the list
	Owner string // whose they are: Task "kaniko"
	List  []*Param
	Outer *ParamScope

	// Strict reports whether the scopes around this one are declarations alone:
	// then Tekton holds each key against all that declare the param.
	Strict bool

	index   map[string]*Param
	readers func(visitRead)
	uses    map[*Param]*ParamUse
}

// visitRead is called for what a text does with a param.
type visitRead func(*Param, *Use, readKind)

// readKind says how a text reads a param.
type readKind int

const (
	readMarks readKind = iota // it is used, whichever part
	readWhole                 // as the variable says
	readIndex                 // an item of it is read
)

// newParamScope collects declared params. Of two with one name the first
// counts.
func newParamScope(s Spot, owner string, specs []v1.ParamSpec, outer *ParamScope) *ParamScope {
	ps := &ParamScope{Spot: s, Owner: owner, Outer: outer}
	if len(specs) == 0 {
		return ps
	}
	ps.index = make(map[string]*Param, len(specs))
	ps.List = make([]*Param, 0, len(specs))
	all := make([]Param, len(specs))
	for i := range specs {
		p := &all[i]
		*p = Param{ParamSpec: &specs[i], Type: ParamType(&specs[i]), Spot: s.Item(i), scope: ps}
		if p.Type == v1.ParamTypeObject {
			if p.Keys = sortedKeys(specs[i].Properties); len(p.Keys) == 0 && specs[i].Default != nil {
				p.Keys = sortedKeys(specs[i].Default.ObjectVal)
			}
		}
		ps.List = append(ps.List, p)
		if _, ok := ps.index[p.Name]; !ok {
			ps.index[p.Name] = p
		}
	}
	return ps
}

// ValueScope makes a scope of values that are passed under names which nobody
// declared: Tekton replaces them in embedded specs all the same. A type that
// is not known is empty.
func ValueScope(s Spot, owner string, values v1.Params, of TypeOf, outer *ParamScope) *ParamScope {
	specs := make([]v1.ParamSpec, len(values))
	for i := range values {
		value := values[i].Value
		if value.Type == "" {
			value.Type = v1.ParamTypeString
		}
		specs[i] = v1.ParamSpec{Name: values[i].Name, Type: value.Type, Default: &value}
	}
	ps := newParamScope(s, owner, specs, outer)
	for _, p := range ps.List {
		p.Given = true
		p.Type, _ = ValueType(p.Default, of)
	}
	return ps
}

// Own returns the param of that name in this scope itself; nil if there is none.
func (ps *ParamScope) Own(name string) *Param {
	if ps == nil {
		return nil
	}
	return ps.index[name]
}

// Find returns the innermost param of that name; nil if there is none.
func (ps *ParamScope) Find(name string) *Param {
	for s := ps; s != nil; s = s.Outer {
		if p := s.index[name]; p != nil {
			return p
		}
	}
	return nil
}

// HasKey reports whether the object of that name in scope has the key: the
// innermost one that declares its keys counts, and without one Tekton merges
// what a run gives with the defaults.
func (ps *ParamScope) HasKey(name, key string) bool {
	found := false
	for s := ps; s != nil; s = s.Outer {
		p := s.index[name]
		switch {
		case p == nil:
		case len(p.Properties) > 0:
			if _, ok := p.Properties[key]; !ok || !ps.Strict {
				return ok
			}
			found = true
		case slices.Contains(p.Keys, key) || p.Type == v1.ParamTypeObject && len(p.Keys) == 0:
			found = true
		case p.Default != nil:
			_, ok := p.Default.ObjectVal[key]
			found = found || ok
		}
	}
	return found
}

// Names returns the names of the params in scope, innermost first, and no more
// than a suggestion is chosen of.
func (ps *ParamScope) Names() []string {
	var out []string
	for s := ps; s != nil; s = s.Outer {
		for _, p := range s.List {
			if len(out) == suggest.MaxCandidates {
				return out
			}
			out = append(out, p.Name)
		}
	}
	return out
}

// Owners names whose params a variable finds, the innermost two.
func (ps *ParamScope) Owners() string {
	for outer := ps.Outer; outer != nil; outer = outer.Outer {
		if outer.Owner != ps.Owner {
			return ps.Owner + ", or in " + outer.Owner
		}
	}
	return ps.Owner
}

// TypeOf returns the type of what a variable of a param stands for; false if it
// is not known.
func (ps *ParamScope) TypeOf(v tekref.Variable) (v1.ParamType, bool) {
	p := ps.Find(v.Name)
	if p == nil {
		return "", false
	}
	if p.Type == v1.ParamTypeString {
		return v1.ParamTypeString, v.Whole() && !v.Star
	}
	if !v.Whole() {
		return v1.ParamTypeString, true
	}
	return p.Type, v.Star && !v.Bracket
}

// ParamUse is what the texts of the set do with a param.
type ParamUse struct {
	// Used reports whether anything reads it. What is misspelt reads what it was
	// most likely meant to be.
	Used bool
	// Keys are those that are read of an object, "" for all of it.
	Keys []string
	// MaxIndex is the highest index that is read of an array; -1 for none. IndexAt
	// is where.
	MaxIndex int
	IndexAt  Spot
}

var unread = &ParamUse{MaxIndex: -1}

// Use returns what the texts of the object that declares the param, and of the
// specs that stand in it, do with it.
func (p *Param) Use() *ParamUse {
	ps := p.scope
	ps.Spot.Entry.set.asked(Params)
	if p.Given {
		return &ParamUse{Used: true, MaxIndex: -1} // nobody is told that a value is unused
	}
	if ps.uses == nil {
		ps.uses = map[*Param]*ParamUse{}
		if ps.readers != nil {
			ps.readers(func(p *Param, u *Use, how readKind) {
				if p.scope == ps {
					ps.read(p, u, how)
				}
			})
		}
	}
	if use := ps.uses[p]; use != nil {
		return use
	}
	return unread
}

func (ps *ParamScope) read(p *Param, u *Use, how readKind) {
	use := ps.uses[p]
	if use == nil {
		use = &ParamUse{MaxIndex: -1}
		ps.uses[p] = use
	}
	use.Used = true
	switch how {
	case readMarks:
	case readWhole:
		if p.Type == v1.ParamTypeObject && !slices.Contains(use.Keys, u.Var.Key) {
			use.Keys = append(use.Keys, u.Var.Key)
		}
	case readIndex:
		if u.Var.Index > use.MaxIndex {
			use.MaxIndex, use.IndexAt = u.Var.Index, u.Spot
		}
	}
}

// visit calls visit for each param in scope that a variable reads, be it
// misspelt.
func (ps *ParamScope) visit(u *Use, visit visitRead) {
	v := u.Var
	p := ps.Find(v.Name)
	if p == nil && v.Key != "" && v.Fault == "" {
		if dotted := ps.Find(v.Name + "." + v.Key); dotted != nil {
			visit(dotted, u, readMarks)
			return
		}
	}
	switch {
	case v.Fault != "":
		if p != nil {
			visit(p, u, readMarks)
		}
	case p == nil:
		if meant := ps.Find(suggest.Name(v.Name, ps.Names())); meant != nil {
			visit(meant, u, readMarks) // one mistake makes one finding
		}
	default:
		for outer := ps; outer != nil; outer = outer.Outer {
			if same := outer.index[v.Name]; same != nil {
				visit(same, u, readWhole) // one of the same name further out may be what is replaced
			}
		}
		if p.Type == v1.ParamTypeArray && v.Key == "" && v.Index >= 0 {
			visit(p, u, readIndex)
		}
	}
}

// mark calls visit for the innermost param that a variable names, if it is there.
func (ps *ParamScope) mark(u *Use, visit visitRead) {
	if p := ps.Find(u.Var.Name); p != nil && u.Var.Kind == tekref.Param {
		visit(p, u, readMarks)
	}
}
