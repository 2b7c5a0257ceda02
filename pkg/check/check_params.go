package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// paramDeclarations checks the list of declared params itself.
func (c *checker) paramDeclarations(ps *paramScope) {
	seen := make(map[string]*param, len(ps.list))
	for _, p := range ps.list {
		if first := seen[p.Name]; first != nil {
			c.fail(p.spot.field("name"), "param-duplicate", p.Name,
				"param "+q(p.Name)+" is declared twice in "+ps.owner, "rename one of them or drop it",
				first.spot.related("param "+q(p.Name)+" is declared first"))
			continue
		}
		seen[p.Name] = p
		c.paramDeclaration(ps, p)
	}
	c.paramCycles(ps)
}

func (c *checker) paramDeclaration(ps *paramScope, p *param) {
	if why := badParamName(p.Name, p.typ); why != "" {
		c.fail(p.spot.field("name"), "name-invalid", p.Name, "param name "+q(p.Name)+" of "+ps.owner+" "+why, "")
	}
	switch p.typ {
	case v1.ParamTypeString, v1.ParamTypeArray, v1.ParamTypeObject:
	default:
		c.fail(p.spot.field("type"), "param-type", p.Name, "param "+q(p.Name)+" has the unknown type "+q(string(p.typ)),
			suggest(string(p.typ), []string{"string", "array", "object"}, "the types are string, array and object"))
		return
	}
	if p.Default != nil && p.Default.Type != "" && p.Default.Type != p.typ {
		c.fail(p.spot.field("default"), "param-type", p.Name,
			"param "+q(p.Name)+" is "+article(p.typ)+", but its default is "+article(p.Default.Type), "make both the same type")
	}
	if p.typ == v1.ParamTypeObject {
		c.paramKeys(ps, p)
	}
	c.paramEnum(p)
}

// paramCycles reports params whose defaults need each other: what is in such a
// circle stays as it is.
func (c *checker) paramCycles(ps *paramScope) {
	const open, done = 1, 2
	state := map[*param]int{}
	var trail []*param
	var visit func(p *param)
	visit = func(p *param) {
		state[p] = open
		trail = append(trail, p)
		for _, next := range ps.defaultRefs(p) {
			switch state[next] {
			case open:
				var names []string
				for _, in := range trail[slices.Index(trail, next):] {
					names = append(names, q(in.Name))
				}
				c.fail(next.spot.field("default"), "cycle", next.Name, "the default of param "+q(next.Name)+" needs itself: "+strings.Join(append(names, q(next.Name)), " needs "),
					"give one of them a default without a reference")
			case done:
			default:
				visit(next)
			}
		}
		state[p], trail = done, trail[:len(trail)-1]
	}
	for _, p := range ps.list {
		if state[p] == 0 {
			visit(p)
		}
	}
}

// defaultRefs are the params of the same list that the default of a param
// names.
func (ps *paramScope) defaultRefs(p *param) []*param {
	if p.Default == nil || !tekref.Contains(p.Default.StringVal) {
		return nil
	}
	var out []*param
	scan(p.Default.StringVal, func(m match) {
		if r := tekref.Parse(m.Expr); r.Kind == refParam && !m.Open {
			if next := ps.index[r.Name]; next != nil && (next != p || ps.outer.find(p.Name) == nil) {
				out = append(out, next)
			}
		}
	})
	return out
}

// paramKeys checks the keys of an object param.
func (c *checker) paramKeys(ps *paramScope, p *param) {
	if p.Properties == nil {
		c.fail(p.spot.field("properties"), "key-missing", p.Name, "object param "+q(p.Name)+" of "+ps.owner+" declares no keys",
			"list its keys under properties")
		return
	}
	for _, k := range sortedKeys(p.Properties) {
		if why := badParamName(k, v1.ParamTypeObject); why != "" {
			c.fail(p.spot.at(key(field(p.spot.path, "properties"), k)), "name-invalid", k, "key "+q(k)+" of param "+q(p.Name)+" "+why, "")
		}
		if t := p.Properties[k].Type; t != "" && t != v1.ParamTypeString {
			c.fail(p.spot.at(key(field(p.spot.path, "properties"), k)+".type"), "param-type", k,
				"key "+q(k)+" of param "+q(p.Name)+" is "+article(t)+", but a key of an object holds a string", "make it a string")
		}
	}
	if p.Default == nil || p.Default.Type != v1.ParamTypeObject {
		return
	}
	var missing []string
	for _, k := range p.keys {
		if _, ok := p.Default.ObjectVal[k]; !ok {
			missing = append(missing, k)
		}
	}
	// Row 47: noticed once somebody relies on the default.
	if given := ps.outer.find(p.Name); len(missing) > 0 && (given == nil || given.Default == nil) {
		c.warn(p.spot.field("default"), "key-missing", p.Name,
			"the default of object param "+q(p.Name)+" lacks "+plural("key", missing)+": it fails where no value gives them",
			"add them to the default, or drop the default")
	}
}

func (c *checker) paramEnum(p *param) {
	if len(p.Enum) == 0 {
		return
	}
	if p.typ != v1.ParamTypeString {
		c.fail(p.spot.field("enum"), "enum-invalid", p.Name, "param "+q(p.Name)+" is "+article(p.typ)+", but only a string can have an enum", "")
		return
	}
	for i, v := range p.Enum {
		if slices.Contains(p.Enum[:i], v) {
			c.fail(p.spot.index("enum", i), "enum-invalid", p.Name, "the enum of param "+q(p.Name)+" lists "+q(v)+" twice", "drop one")
		}
	}
	if p.Default != nil && p.Default.StringVal != "" && !slices.Contains(p.Enum, p.Default.StringVal) {
		c.fail(p.spot.field("default"), "enum-invalid", p.Name,
			"the default "+q(p.Default.StringVal)+" of param "+q(p.Name)+" is not in its enum", oneOf(p.Default.StringVal, p.Enum))
	}
}

// paramsUnused reports declared params that nothing reads.
func (c *checker) paramsUnused(ps *paramScope) {
	for _, p := range ps.list {
		if !p.used && ps.index[p.Name] == p {
			c.warn(p.spot, "param-unused", p.Name, "param "+q(p.Name)+" of "+ps.owner+" is never used", "use $(params."+p.Name+") or drop it")
		}
	}
}

// badParamName says what is wrong with a name, "" if nothing is.
func badParamName(name string, t v1.ParamType) string {
	if name == "" {
		return "is empty"
	}
	if first := rune(name[0]); first != '_' && (!tekref.IsNameRune(first) || first == '-' || first == '.' || first >= '0' && first <= '9') {
		return "must begin with a letter or _"
	}
	for _, r := range name {
		if !tekref.IsNameRune(r) {
			return "may hold only letters, digits, -, _ and ."
		}
	}
	if t == v1.ParamTypeObject && strings.Contains(name, ".") {
		return "is one of an object and may not hold a dot"
	}
	return ""
}

// plural names one or several things: key "a", keys "a" and "b".
func plural(noun string, names []string) string {
	quotedNames := make([]string, len(names))
	for i, n := range names {
		quotedNames[i] = q(n)
	}
	switch len(names) {
	case 0:
		return "no " + noun
	case 1:
		return noun + " " + quotedNames[0]
	}
	last := len(names) - 1
	return noun + "s " + strings.Join(quotedNames[:last], ", ") + " and " + quotedNames[last]
}

// oneOf is the help for a value that is none of a few.
func oneOf(value string, values []string) string {
	quotedValues := make([]string, len(values))
	for i, v := range values {
		quotedValues[i] = q(v)
	}
	return suggest(value, values, "write one of "+strings.Join(quotedValues, ", "))
}
