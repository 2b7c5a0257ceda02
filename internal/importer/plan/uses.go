package plan

// usesOf returns the variables that statements and expressions use.
func usesOf(body []Stmt, more ...Expr) map[*Var]bool {
	used := map[*Var]bool{}
	for _, s := range body {
		uses(s.Expr, used)
	}
	for _, e := range more {
		uses(e, used)
	}
	return used
}

func uses(e Expr, used map[*Var]bool) {
	each(e, func(e Expr) {
		switch e := e.(type) {
		case *Var:
			used[e] = true
		case Select:
			used[e.On] = true
		}
	})
}

// each calls visit for an expression and all expressions in it.
func each(e Expr, visit func(Expr)) {
	visit(e)
	switch e := e.(type) {
	case Join:
		for _, x := range e {
			each(x, visit)
		}
	case *Call:
		if e.On != nil {
			each(e.On, visit)
		}
		for _, x := range e.Args {
			each(x, visit)
		}
	case Make:
		for _, s := range e.Fields {
			each(s.Value, visit)
		}
	case Map:
		for _, x := range e.Entries {
			each(x.Value, visit)
		}
	case Inline:
		for _, s := range e.Body {
			each(s.Expr, visit)
		}
	}
}

// Closure returns a function together with the types and functions that it needs, each
// once, in the order of their use.
func Closure(f *Func) *File {
	c := &closure{file: &File{}, seen: map[any]bool{}}
	c.function(f)
	return c.file
}

type closure struct {
	file *File
	seen map[any]bool
}

func (c *closure) function(f *Func) {
	if c.seen[f] {
		return
	}
	c.seen[f] = true
	c.body(f.Body)
	each(f.Returns, c.visit)
	c.file.Funcs = append(c.file.Funcs, f)
}

func (c *closure) typ(t *Type) {
	if t == nil || c.seen[t] {
		return
	}
	c.seen[t] = true
	c.body(t.Body)
	c.file.Types = append(c.file.Types, t)
}

func (c *closure) body(list []Stmt) {
	for _, s := range list {
		each(s.Expr, c.visit)
	}
}

func (c *closure) visit(e Expr) {
	switch e := e.(type) {
	case Make:
		c.typ(e.Type)
	case Pick:
		c.typ(e.Type)
	case New:
		c.function(e.Func)
	}
}

// Visit calls visit for all expressions of declarations.
func Visit(types []*Type, funcs []*Func, visit func(Expr)) {
	body := func(list []Stmt, more ...Expr) {
		for _, s := range list {
			each(s.Expr, visit)
		}
		for _, e := range more {
			each(e, visit)
		}
	}
	for _, t := range types {
		body(t.Body, valuesIn(t.Returns)...)
	}
	for _, f := range funcs {
		body(f.Body, append(valuesIn(f.Values), f.Returns)...)
	}
}
