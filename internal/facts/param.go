package facts

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Param is a declared param, or a value that is passed under a name.
type Param struct {
	*v1.ParamSpec
	Type v1.ParamType // with Tekton's default; "" if it is not known
	Spot Spot
	Keys []string // of an object: the declared keys, or those of the default
	// Given reports whether it is a passed value, not a declaration.
	Given bool

	scope  *ParamScope
	length *int // of [Param.Length]; nil if it is not known yet
	enum   names
}

// Scope returns the params that it is declared with.
func (p *Param) Scope() *ParamScope { return p.scope }

// Length returns the number of items of the default of an array; -1 if it is not
// known.
func (p *Param) Length() int {
	if p.length == nil {
		n := -1
		if p.Default != nil && p.Default.Type == v1.ParamTypeArray && !slices.ContainsFunc(p.Default.ArrayVal, tekref.Contains) {
			n = len(p.Default.ArrayVal)
		}
		p.length = &n
	}
	return *p.length
}

// Allows reports whether the enum of the param lists the value.
func (p *Param) Allows(value string) bool {
	return p.enum.of(func() []string { return p.Enum }).has(value)
}

// ParamScope is the params that a text may refer to: those of its own object, and
// those of the objects around it.
type ParamScope struct {
	Spot  Spot   // of the list
	Owner string // the owner in a sentence: Task "kaniko"
	List  []*Param
	Outer *ParamScope

	// Strict reports whether all scopes around this one are declarations. Tekton then
	// checks each key against all declarations of the param.
	Strict bool

	index   map[string]*Param
	readers func(visitRead)
	uses    map[*Param]*ParamUse
}

// visitRead is called for each read of a param by a text.
type visitRead func(*Param, *Use, readKind)

// readKind is the way in which a text reads a param.
type readKind int

const (
	readMarks readKind = iota // it is used, in whatever way
	readWhole                 // as the variable describes
	readIndex                 // an item of it is read
)

// newParamScope collects declared params. Of two with the same name, the first is
// used.
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

// ValueScope returns a scope of values that are passed under undeclared names.
// Tekton replaces these in embedded specs nevertheless. A type that is not known is
// empty.
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

// HasKey reports whether the object of that name in scope has the key. The innermost
// object that declares its keys is used. If none does, Tekton merges the values of a
// run with the defaults.
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
		case p.HasKey(key) || p.Type == v1.ParamTypeObject && len(p.Keys) == 0:
			found = true
		case p.Default != nil:
			_, ok := p.Default.ObjectVal[key]
			found = found || ok
		}
	}
	return found
}

// HasKey reports whether a key is one of p.Keys.
func (p *Param) HasKey(key string) bool {
	_, ok := slices.BinarySearch(p.Keys, key)
	return ok
}

// Names returns the names of the params in scope, innermost first, but no more than
// are used for suggestions.
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

// Owners returns the owners of the params in scope for a sentence, the innermost
// two.
func (ps *ParamScope) Owners() string {
	for outer := ps.Outer; outer != nil; outer = outer.Outer {
		if outer.Owner != ps.Owner {
			// A run sets params, and does not declare them.
			if e := outer.Spot.Entry; (e.Run != nil || e.TaskRun != nil) && outer.Owner == e.Label() {
				return ps.Owner + ", or set it in " + outer.Owner
			}
			return ps.Owner + ", or in " + outer.Owner
		}
	}
	return ps.Owner
}

// TypeOf returns the type of the value of a param variable; false if it is not
// known.
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

// ParamUse is how the texts of the set use a param.
type ParamUse struct {
	// Used reports whether anything reads it. A misspelled name counts as a use of the
	// param that was most likely meant.
	Used bool
	// Keys are the keys of an object that are read, "" for the whole object.
	Keys []string
	// MaxIndex is the highest index of an array that is read; -1 for none. IndexAt is
	// the place of that.
	MaxIndex int
	IndexAt  Spot

	keys map[string]bool // Keys
}

var unread = &ParamUse{MaxIndex: -1}

// Use returns how the param is used by the texts of the object that declares it, and
// of the specs embedded there.
func (p *Param) Use() *ParamUse {
	ps := p.scope
	ps.Spot.Entry.set.asked(Params)
	if p.Given {
		return &ParamUse{Used: true, MaxIndex: -1} // a value is never reported as unused
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
		if p.Type == v1.ParamTypeObject && !use.keys[u.Var.Key] {
			if use.keys == nil {
				use.keys = map[string]bool{}
			}
			use.keys[u.Var.Key] = true
			use.Keys = append(use.Keys, u.Var.Key)
		}
	case readIndex:
		if u.Var.Index > use.MaxIndex {
			use.MaxIndex, use.IndexAt = u.Var.Index, u.Spot
		}
	}
}

// visit calls visit for each param in scope that a variable reads, even if it is
// misspelled.
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
			visit(meant, u, readMarks) // so that one mistake is reported once
		}
	default:
		for outer := ps; outer != nil; outer = outer.Outer {
			if same := outer.index[v.Name]; same != nil {
				visit(same, u, readWhole) // an outer one with the same name may be the one that is replaced
			}
		}
		if p.Type == v1.ParamTypeArray && v.Key == "" && v.Index >= 0 {
			visit(p, u, readIndex)
		}
	}
}

// mark calls visit for the innermost param that a variable refers to, if it exists.
func (ps *ParamScope) mark(u *Use, visit visitRead) {
	if u.Var.Kind != tekref.Param {
		return
	}
	if p := ps.Find(u.Var.Name); p != nil {
		visit(p, u, readMarks)
	} else if p := ps.dotted(u); p != nil {
		visit(p, u, readMarks)
	}
}
