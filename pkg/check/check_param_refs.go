package check

import (
	"strconv"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// repeats remembers which mistake was reported where, so that a name that is
// wrong in ten places makes one finding with further places.
type repeats map[string]int

const maxRepeats = 5

// again adds s as a further place to the finding of the same mistake. It
// reports false if there is none yet, and notes that the next finding is it.
func (c *checker) again(seen repeats, mistake string, s spot) bool {
	i, ok := seen[mistake]
	if !ok {
		seen[mistake] = len(c.findings)
		return false
	}
	if i < len(c.findings) && len(c.findings[i].Related) < maxRepeats {
		c.findings[i].Related = append(c.findings[i].Related, s.related("also here"))
	}
	return true
}

// owners names whose params a reference finds, the innermost two.
func (ps *paramScope) owners() string {
	for outer := ps.outer; outer != nil; outer = outer.outer {
		if outer.owner != ps.owner {
			return ps.owner + ", or in " + outer.owner
		}
	}
	return ps.owner
}

// paramRef checks one reference to a param in a text, and marks the param as
// used. isolated says that the reference is all of the text.
func (c *checker) paramRef(ps *paramScope, seen repeats, s spot, t text, m match, r reference, isolated bool) {
	p := ps.find(r.name)
	if p == nil && r.key != "" && r.fault == "" {
		if dotted := ps.find(r.name + "." + r.key); dotted != nil {
			dotted.used = true
			c.fail(s, "reference-syntax", dotted.Name, m.String()+" reads key "+q(r.key)+" of a param "+q(r.name)+", but the param is called "+q(dotted.Name),
				`write $(params["`+dotted.Name+`"])`)
			return
		}
	}
	if r.fault != "" {
		if p != nil {
			p.used = true
		}
		c.syntax(s, m, r)
		return
	}
	if p == nil {
		if meant := ps.find(nearest(r.name, ps.names())); meant != nil {
			meant.used = true // so that one typo makes one finding
		}
		if m.escaped || c.again(seen, "param-unknown "+r.name, s) {
			return
		}
		c.fail(s, "param-unknown", r.name, m.String()+" names no param of "+ps.owner+", and stays as it is",
			suggest(r.name, ps.names(), "declare param "+q(r.name)+" in "+ps.owners()))
		return
	}
	for outer := ps; outer != nil; outer = outer.outer {
		if same := outer.index[r.name]; same != nil {
			same.read(r) // one of the same name further out may be what is replaced
		}
	}
	if p.typ == v1.ParamTypeObject && r.key != "" && ps.hasKey(r.name, r.key) {
		return
	}
	c.paramForm(s, t, m, r, p, isolated)
}

// paramForm checks that the form of a reference fits the type of the param,
// and the place.
func (c *checker) paramForm(s spot, t text, m match, r reference, p *param, isolated bool) {
	declared := p.spot.related("param " + q(p.Name) + " is declared as " + article(p.typ))
	switch p.typ {
	case v1.ParamTypeString:
		if r.star || r.index >= 0 || r.key != "" {
			c.fail(s, "param-type", p.Name, m.String()+" takes a part of param "+q(p.Name)+", which is a string",
				"write $(params."+p.Name+")", declared)
		}
	case v1.ParamTypeArray:
		switch {
		case r.key != "":
			c.fail(s, "param-type", p.Name, m.String()+" takes a key of param "+q(p.Name)+", which is an array",
				"write $(params."+p.Name+"[0]) for an item", declared)
		case r.index >= 0:
			c.paramIndex(s, m, r, p, declared)
		case t.item && isolated:
		case t.whole && isolated && r.star && !r.bracket:
		case t.whole && isolated && r.bracket:
			c.fail(s, "reference-syntax", p.Name, m.String()+" is not replaced: as a whole value Tekton reads an array only in the dotted form",
				"write $(params."+p.Name+"[*])", declared)
		case t.whole && isolated:
			c.fail(s, "param-type", p.Name, m.String()+" is an array where a string stands", "write $(params."+p.Name+"[*]) to pass the whole array", declared)
		case t.item || t.whole:
			c.fail(s, "param-type", p.Name, m.String()+" is an array, so it cannot stand among other text",
				"make it an item of its own in a list, or write $(params."+p.Name+"[0]) for one item", declared)
		default:
			c.fail(s, "param-type", p.Name, m.String()+" is an array, but here a string is needed",
				"write $(params."+p.Name+"[0]) for one item, or use it in a list", declared)
		}
	case v1.ParamTypeObject:
		c.objectForm(s, t, m, r, p, isolated, declared)
	}
}

func (c *checker) objectForm(s spot, t text, m match, r reference, p *param, isolated bool, declared diag.Related) {
	switch {
	case r.key != "":
		c.fail(s, "key-unknown", r.key, m.String()+" takes key "+q(r.key)+", which param "+q(p.Name)+" does not have", oneOf(r.key, p.keys), declared)
	case r.index >= 0:
		c.fail(s, "param-type", p.Name, m.String()+" takes an item of param "+q(p.Name)+", which is an object", keyHelp("params."+p.Name, p.keys), declared)
	case t.whole && isolated && r.star && !r.bracket:
	case t.whole && isolated && r.star:
		c.fail(s, "reference-syntax", p.Name, m.String()+" is not replaced: as a whole value Tekton reads an object only in the dotted form",
			"write $(params."+p.Name+"[*])", declared)
	case t.whole && isolated:
		c.fail(s, "param-type", p.Name, m.String()+" is an object where a string stands", "write $(params."+p.Name+"[*]) to pass the whole object", declared)
	default:
		c.fail(s, "param-type", p.Name, m.String()+" is an object, but here a string is needed", keyHelp("params."+p.Name, p.keys), declared)
	}
}

// paramIndex checks an index against the length of the default, and notes it
// for the values that are passed.
func (c *checker) paramIndex(s spot, m match, r reference, p *param, declared diag.Related) {
	if r.index > p.maxIndex {
		p.maxIndex, p.indexAt = r.index, s
	}
	if n := p.length(); n >= 0 && r.index >= n {
		c.warn(s, "index-range", p.Name, m.String()+" is beyond the default of param "+q(p.Name)+", which has "+count(n, "item"),
			"lower the index or lengthen the default", declared)
		p.beyond = len(c.findings)
	}
}

// relies notes that a param keeps its default: then an index beyond that is
// certain to fail.
func (c *checker) relies(p passing, s spot, target *param) {
	if target.beyond == 0 || p.target.outer.find(target.Name) != nil {
		return
	}
	f := &c.findings[target.beyond-1]
	f.Severity = diag.Error
	if s.entry != target.indexAt.entry && len(f.Related) < maxRepeats {
		f.Related = append(f.Related, s.related(p.from+" keeps the default"))
	}
}

// syntax reports a reference that is not well-formed.
func (c *checker) syntax(s spot, m match, r reference) {
	help := ""
	if r.fix != "" {
		help = "write $(" + r.fix + ")"
	}
	c.fail(s, "reference-syntax", r.expr, m.String()+" "+r.fault, help)
}

// String is the match as it stands in the text.
func (m match) String() string {
	if m.open {
		return "$(" + m.expr
	}
	return "$(" + m.expr + ")"
}

func keyHelp(name string, keys []string) string {
	if len(keys) == 0 {
		return "write $(" + name + ".KEY) for one key"
	}
	return "write $(" + name + "." + keys[0] + ") for one key"
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
