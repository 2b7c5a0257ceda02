package shell

import (
	"slices"

	"mvdan.cc/sh/v3/syntax"
)

// reader collects the facts of one script from its syntax tree.
type reader struct {
	text      string
	masked    string // what was parsed: as long as the text
	variables []Span

	commands []Command
	links    []links // of each command
	regions  []region
	end      int  // of what was read
	subs     int  // the number of $(...) around the current statement
	deep     bool // there were too many
}

// links are the indices of Before and Reads, while the slice of commands grows;
// -1 for nil.
type links struct{ before, reads int }

// around is the context of a statement.
type around struct {
	sub    bool
	unsure bool // its failure may not end the script
	joined bool
	depth  int
}

// body returns the context of the statements in a compound command.
func (a around) body() around {
	a.joined = false
	a.depth++
	return a
}

// condition returns the context of the statements that decide on its body.
func (a around) condition() around {
	a = a.body()
	a.unsure = true
	return a
}

// list reads statements. Before is the index of the command whose status the
// first one sees, or -1.
func (r *reader) list(stmts []*syntax.Stmt, in around, before int) {
	for _, s := range stmts {
		_, before = r.statement(s, in, before, -1)
	}
}

// statement reads a statement. It returns the index of its command, and of the
// command whose status is in $? after it, or -1. Reads is the index of the command
// on the other side of a pipe, or -1.
func (r *reader) statement(s *syntax.Stmt, in around, before, reads int) (at, status int) {
	r.comments(s.Comments)
	own := !s.Negated && !s.Background && !s.Coprocess && !s.Disown && !negated(s.Cmd) // its status is that of its command
	in.unsure = in.unsure || !own
	switch x := s.Cmd.(type) {
	case *syntax.BinaryCmd:
		at, status = r.chain(x, in, before, reads)
	case *syntax.TimeClause:
		at, status = r.prefixed(x.Stmt, in, before, reads)
	case *syntax.CoprocClause:
		in.unsure = true
		at, _ = r.prefixed(x.Stmt, in, before, reads)
		status = -1
	default:
		var c Command
		c.Words, c.Compound = r.command(s.Cmd, in, before)
		for _, redirect := range s.Redirs {
			c.Redirects = append(c.Redirects, r.redirect(redirect))
		}
		at = r.add(c, in, before, reads)
		if status = at; c.Compound {
			status = -1
		}
	}
	if !own {
		status = -1
	}
	return at, status
}

// prefixed reads the statement after time or coproc, if there is one.
func (r *reader) prefixed(s *syntax.Stmt, in around, before, reads int) (at, status int) {
	if s == nil {
		return -1, -1
	}
	return r.statement(s, in, before, reads)
}

func (r *reader) add(c Command, in around, before, reads int) int {
	c.Sub, c.Joined, c.Depth = in.sub, in.joined, in.depth
	c.Fatal = !c.Compound && !in.sub && !in.unsure
	r.commands = append(r.commands, c)
	r.links = append(r.links, links{before, reads})
	return len(r.commands) - 1
}

// link returns the commands with their links.
func (r *reader) link() []Command {
	commands := slices.Clip(r.commands)
	for i, l := range r.links[:len(commands)] {
		if l.before >= 0 {
			commands[i].Before = &commands[l.before]
		}
		if l.reads >= 0 {
			commands[i].Reads = &commands[l.reads]
		}
	}
	return commands
}

// chain reads a | b | c, or a && b || c.
func (r *reader) chain(x *syntax.BinaryCmd, in around, before, reads int) (at, status int) {
	operands := []*syntax.Stmt{x.Y}
	pipe := isPipe(x)
	for { // the tree is deep on the left
		left, ok := x.X.Cmd.(*syntax.BinaryCmd)
		if !ok || isPipe(left) != pipe || x.X.Negated {
			break
		}
		r.comments(x.X.Comments)
		x = left
		operands = append(operands, x.Y)
	}
	operands = append(operands, x.X)
	slices.Reverse(operands)
	for i, o := range operands {
		each := in
		each.unsure = in.unsure || i < len(operands)-1
		each.joined = in.joined || !pipe && i > 0
		at, status = r.statement(o, each, before, reads)
		if before, reads = -1, -1; pipe {
			reads = at
		}
	}
	if !pipe {
		status = -1
	}
	return at, status
}

func isPipe(x *syntax.BinaryCmd) bool { return x.Op == syntax.Pipe || x.Op == syntax.PipeAll }

// command reads a command. It returns its words, and whether it is compound.
func (r *reader) command(cmd syntax.Command, in around, before int) (words []Word, compound bool) {
	switch x := cmd.(type) {
	case nil: // nothing but redirections
		return nil, false
	case *syntax.CallExpr:
		return r.call(x), false
	case *syntax.DeclClause:
		words = append(words, r.keyword(x.Variant.Pos(), x.Variant.Value))
		for _, a := range x.Args {
			words = append(words, r.assign(a))
		}
		return words, false
	case *syntax.TestClause:
		return r.test([]Word{r.keyword(x.Left, "[[")}, x.X), false
	case *syntax.ArithmCmd:
		return []Word{r.keyword(x.Left, "(("), r.computed(x.X)}, false
	case *syntax.LetClause:
		words = append(words, r.keyword(x.Let, "let"))
		for _, e := range x.Exprs {
			words = append(words, r.computed(e))
		}
		return words, false

	case *syntax.IfClause:
		words = append(words, r.keyword(x.Position, "if"))
		for ; x != nil; x = x.Else {
			r.list(x.Cond, in.condition(), before)
			r.comments(x.CondLast)
			r.list(x.Then, in.body(), -1)
			r.comments(x.ThenLast)
			r.comments(x.Last)
			before = -1
		}
	case *syntax.WhileClause:
		name := "while"
		if x.Until {
			name = "until"
		}
		words = append(words, r.keyword(x.WhilePos, name))
		r.list(x.Cond, in.condition(), -1) // the second time it sees the status of the body
		r.comments(x.CondLast)
		r.list(x.Do, in.body(), -1)
		r.comments(x.DoLast)
	case *syntax.ForClause:
		words = r.loop(x)
		r.list(x.Do, in.body(), -1)
		r.comments(x.DoLast)
	case *syntax.CaseClause:
		words = append(words, r.keyword(x.Case, "case"), r.word(x.Word))
		for _, item := range x.Items {
			r.comments(item.Comments)
			for _, p := range item.Patterns {
				words = append(words, r.word(p))
			}
			r.list(item.Stmts, in.body(), -1)
			r.comments(item.Last)
		}
		r.comments(x.Last)
	case *syntax.Block:
		words = append(words, r.keyword(x.Lbrace, "{"))
		r.list(x.Stmts, in.body(), before)
		r.comments(x.Last)
	case *syntax.Subshell:
		words = append(words, r.keyword(x.Lparen, "("))
		inner := in.body()
		inner.unsure = true
		r.list(x.Stmts, inner, -1)
		r.comments(x.Last)
	case *syntax.FuncDecl:
		words = append(words, r.keyword(x.Position, "function"))
		if x.Name != nil {
			words = append(words, r.plain(x.Name))
		}
		for _, name := range x.Names {
			words = append(words, r.plain(name))
		}
		inner := in.body()
		inner.unsure = true
		r.list([]*syntax.Stmt{x.Body}, inner, -1)
	}
	return words, true
}

// call reads the words of a simple command.
func (r *reader) call(x *syntax.CallExpr) []Word {
	words := make([]Word, 0, len(x.Assigns)+len(x.Args))
	for _, a := range x.Assigns {
		words = append(words, r.assign(a))
	}
	for _, w := range x.Args {
		words = append(words, r.word(w))
	}
	return words
}

// negated reports whether a command is !(...). That is a pattern only if extglob
// is set, and otherwise a negated subshell.
func negated(cmd syntax.Command) bool {
	call, ok := cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	glob, ok := call.Args[0].Parts[0].(*syntax.ExtGlob)
	return ok && glob.Op == syntax.GlobExcept
}

// loop reads the words before the body of a loop.
func (r *reader) loop(x *syntax.ForClause) []Word {
	name := "for"
	if x.Select {
		name = "select"
	}
	words := []Word{r.keyword(x.ForPos, name)}
	switch l := x.Loop.(type) {
	case *syntax.WordIter:
		words = append(words, r.plain(l.Name))
		for _, w := range l.Items {
			words = append(words, r.word(w))
		}
	case *syntax.CStyleLoop:
		for _, e := range []syntax.ArithmExpr{l.Init, l.Cond, l.Post} {
			if e != nil {
				words = append(words, r.computed(e))
			}
		}
	}
	return words
}

// test adds the operands of a [[ ... ]] to its words.
func (r *reader) test(words []Word, e syntax.TestExpr) []Word {
	switch x := e.(type) {
	case *syntax.Word:
		words = append(words, r.word(x))
	case *syntax.UnaryTest:
		words = r.test(words, x.X)
	case *syntax.ParenTest:
		words = r.test(words, x.X)
	case *syntax.BinaryTest:
		words = r.test(r.test(words, x.X), x.Y)
	}
	return words
}

// redirect reads a redirection.
func (r *reader) redirect(x *syntax.Redirect) Redirect {
	out := Redirect{Op: x.Op.String(), Target: r.word(x.Word)}
	if x.N != nil {
		out.FD = r.name(x.N)
	}
	if x.Hdoc != nil {
		out.Body = r.document(x)
	}
	return out
}

// substitution reads the commands of a $(...).
func (r *reader) substitution(stmts []*syntax.Stmt, last []syntax.Comment) {
	if r.subs == maxDepth {
		r.deep = true
		return
	}
	r.subs++
	r.list(stmts, around{sub: true}, -1)
	r.comments(last)
	r.subs--
}
