package shell

import (
	"slices"
	"sort"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// offset returns the offset of a position.
func (r *reader) offset(p syntax.Pos) int { return min(int(p.Offset()), len(r.text)) }

// span returns the span of a node.
func (r *reader) span(n syntax.Node) Span {
	start := r.offset(n.Pos())
	return Span{start, max(start, r.offset(n.End()))}
}

// keyword returns a word of the grammar.
func (r *reader) keyword(at syntax.Pos, name string) Word {
	start := r.offset(at)
	return Word{Span: Span{start, min(start+len(name), len(r.text))}, Text: name}
}

// plain reads a word that cannot have quotes, such as the name of a function.
func (r *reader) plain(l *syntax.Lit) Word {
	b := builder{r: r}
	b.literal(l.Value, r.offset(l.Pos()), asIs)
	return b.word(r.span(l))
}

// name returns the text of such a word.
func (r *reader) name(l *syntax.Lit) string {
	if len(r.variables) == 0 {
		return l.Value
	}
	return r.plain(l).Text
}

// word reads a word.
func (r *reader) word(w *syntax.Word) Word {
	if l, ok := w.Parts[0].(*syntax.Lit); ok && len(w.Parts) == 1 && !strings.ContainsAny(l.Value, "\\*?[{~") {
		// Most words are as plain as this.
		start := r.offset(l.Pos())
		span := Span{start, start + len(l.Value)}
		if next := r.variable(start); span.End <= len(r.text) && r.masked[start:span.End] == l.Value && (next == len(r.variables) || r.variables[next].Start >= span.End) {
			return Word{Span: span, Text: r.text[span.Start:span.End]}
		}
	}
	b := builder{r: r}
	b.parts(w.Parts, unquoted)
	return b.word(r.span(w))
}

// assign reads NAME=value, or an argument of export, local and the like.
func (r *reader) assign(a *syntax.Assign) Word {
	if a.Name == nil {
		return r.word(a.Value)
	}
	b, span := builder{r: r}, r.span(a)
	value := span.End
	switch {
	case a.Value != nil:
		value = r.offset(a.Value.Pos())
	case a.Array != nil:
		value = r.offset(a.Array.Pos())
	}
	b.literal(r.masked[span.Start:max(span.Start, value)], span.Start, asIs)
	if a.Index != nil {
		b.inside(func() { b.arithmetic(a.Index) })
	}
	if a.Value != nil {
		b.parts(a.Value.Parts, unquoted)
	}
	if a.Array != nil {
		b.whole(Array, unquoted, "", r.span(a.Array))
		b.inside(func() {
			for _, e := range a.Array.Elems {
				r.comments(e.Comments)
				if e.Index != nil {
					b.arithmetic(e.Index)
				}
				if e.Value != nil {
					b.parts(e.Value.Parts, unquoted)
				}
			}
			r.comments(a.Array.Last)
		})
	}
	w := b.word(span)
	if !a.Naked {
		w.Sets = r.name(a.Name)
	}
	return w
}

// computed reads the expression of ((...)) and let as a word.
func (r *reader) computed(e syntax.ArithmExpr) Word {
	b, span := builder{r: r}, r.span(e)
	b.whole(Arithmetic, unquoted, "", span)
	b.inside(func() { b.arithmetic(e) })
	return b.word(span)
}

// document reads the body of a here-document.
func (r *reader) document(x *syntax.Redirect) Word {
	b, how, place := builder{r: r}, document, HereDocument
	quoted := slices.ContainsFunc(x.Word.Parts, func(p syntax.WordPart) bool {
		l, ok := p.(*syntax.Lit)
		return !ok || strings.Contains(l.Value, `\`)
	})
	if quoted {
		how, place = single, QuotedHereDocument
	}
	start := r.offset(x.Hdoc.Pos())
	b.end = start
	at := len(r.regions)
	r.region(start, start, place)
	b.parts(x.Hdoc.Parts, how)
	r.regions[at].end = b.end
	r.end = max(r.end, b.end)
	return b.word(Span{start, b.end})
}

// how says what a backslash means in a literal.
type how struct {
	quote   Quote
	escapes string // what a backslash may stand before; "*" for whatever
	ansi    bool   // $'...'
}

var (
	asIs     = how{escapes: ""}
	unquoted = how{escapes: "*"}
	single   = how{quote: Single}
	ansi     = how{quote: Single, ansi: true}
	double   = how{quote: Double, escapes: "$`\"\\"}
	document = how{quote: Double, escapes: "$`\\"}
)

// builder assembles a word. Its text is copied only if it is not a substring of
// the script.
type builder struct {
	r      *reader
	list   []Part
	lo, hi int
	buf    []byte
	copied bool
	inner  bool
	end    int // of what was read
	last   int // the end of the word if it ends with plain text: for the parser an escaped line break belongs to it
}

// add appends to the text of the word. At is the offset of the text in the script,
// or -1 if it differs from the script.
func (b *builder) add(s string, at int) {
	switch {
	case s == "":
		return
	case !b.copied && at >= 0 && b.lo == b.hi:
		b.lo, b.hi = at, at+len(s)
		return
	case !b.copied && at >= 0 && at == b.hi:
		b.hi += len(s)
		return
	case !b.copied:
		b.buf, b.copied = append(b.buf, b.r.text[b.lo:b.hi]...), true
	}
	b.buf = append(b.buf, s...)
}

// word returns the assembled word.
func (b *builder) word(span Span) Word {
	w := Word{Span: span, Text: b.r.text[b.lo:b.hi], Parts: b.list}
	if b.copied {
		w.Text = string(b.buf)
	}
	if b.last > 0 {
		w.End = b.last
	}
	if !slices.ContainsFunc(b.list, func(p Part) bool { return p.Kind != Literal || p.Quote != Unquoted }) {
		w.Parts = nil
	}
	return w
}

// inside reads parts that are inside the last one.
func (b *builder) inside(read func()) {
	outer := b.inner
	b.inner = true
	read()
	b.inner = outer
}

// whole adds a part whose text is as written.
func (b *builder) whole(kind Kind, h how, text string, span Span) {
	b.list = append(b.list, Part{Span: span, Kind: kind, Quote: h.quote, Text: text, Inner: b.inner})
	if !b.inner {
		b.add(b.r.text[span.Start:span.End], span.Start)
	}
	b.end = max(b.end, span.End)
}

func (b *builder) parts(parts []syntax.WordPart, h how) {
	for _, p := range parts {
		b.part(p, h)
	}
}

func (b *builder) part(p syntax.WordPart, h how) {
	r := b.r
	if x, ok := p.(*syntax.Lit); ok {
		b.literal(x.Value, r.offset(x.Pos()), h)
		b.last = b.end
		return
	}
	switch x := p.(type) {
	case *syntax.SglQuoted:
		span := r.span(x)
		r.region(span.Start, span.End, SingleQuotes)
		if h = single; x.Dollar {
			h = ansi
			span.Start++
		}
		b.literal(x.Value, min(span.Start+1, len(r.text)), h)
	case *syntax.DblQuoted:
		span := r.span(x)
		r.region(span.Start, span.End, DoubleQuotes)
		b.parts(x.Parts, double)
	case *syntax.ParamExp:
		b.expansion(x, h)
	case *syntax.CmdSubst:
		span := r.span(x)
		b.whole(Substitution, h, "", span)
		r.region(span.Start, span.End, Code)
		r.substitution(x.Stmts, x.Last)
	case *syntax.ProcSubst:
		b.whole(Substitution, h, "", r.span(x))
		r.substitution(x.Stmts, x.Last)
	case *syntax.ArithmExp:
		b.whole(Arithmetic, h, "", r.span(x))
		b.inside(func() { b.arithmetic(x.X) })
	case *syntax.ExtGlob:
		span := r.span(x)
		b.whole(Pattern, h, r.text[span.Start:span.End], span)
	}
	b.last = 0
}

// expansion reads $x, or ${x...}.
func (b *builder) expansion(x *syntax.ParamExp, h how) {
	name := ""
	if x.Param != nil {
		name = b.r.name(x.Param)
	}
	b.whole(Expansion, h, name, b.r.span(x))
	b.inside(func() {
		if x.NestedParam != nil {
			b.part(x.NestedParam, h)
		}
		if x.Index != nil {
			b.arithmetic(x.Index)
		}
		if x.Slice != nil {
			b.arithmetic(x.Slice.Offset)
			b.arithmetic(x.Slice.Length)
		}
		if x.Repl != nil {
			b.operand(x.Repl.Orig, h)
			b.operand(x.Repl.With, h)
		}
		if x.Exp != nil {
			b.operand(x.Exp.Word, h)
		}
	})
}

func (b *builder) operand(w *syntax.Word, h how) {
	if w != nil {
		b.parts(w.Parts, h)
	}
}

// arithmetic reads an expression.
func (b *builder) arithmetic(e syntax.ArithmExpr) {
	var right []syntax.ArithmExpr
	for { // 1 + 2 + 3 is deep on the left
		x, ok := e.(*syntax.BinaryArithm)
		if !ok {
			break
		}
		e, right = x.X, append(right, x.Y)
	}
	switch x := e.(type) {
	case *syntax.Word:
		b.parts(x.Parts, unquoted)
	case *syntax.UnaryArithm:
		b.arithmetic(x.X)
	case *syntax.ParenArithm:
		b.arithmetic(x.X)
	case *syntax.FlagsArithm:
		b.arithmetic(x.X)
	}
	for _, e := range slices.Backward(right) {
		b.arithmetic(e)
	}
}

// literal adds plain text that begins at an offset, and the variables of Tekton in
// it.
func (b *builder) literal(value string, at int, h how) {
	r := b.r
	next := r.variable(at)
	for value != "" {
		limit := len(r.text)
		if next < len(r.variables) {
			v := r.variables[next]
			if v.Start <= at {
				next++
				if n := min(len(value), v.End-at); value[:n] == r.masked[at:at+n] {
					b.whole(Variable, h, "", v)
					value, at = value[n:], v.End
				}
				continue
			}
			limit = v.Start
		}
		var text string
		start := at
		text, value, at = r.original(value, at, limit)
		b.plain(text, Span{start, at}, h)
	}
}

// variable returns the index of the first variable of Tekton that ends after an
// offset.
func (r *reader) variable(at int) int {
	return sort.Search(len(r.variables), func(i int) bool { return r.variables[i].End > at })
}

// original returns what the script has between two offsets for the beginning of a
// value, the rest of the value, and the offset of that. The parser drops escaped
// line breaks, and backslashes in backquotes.
func (r *reader) original(value string, at, limit int) (text, rest string, end int) {
	if n := min(len(value), limit-at); n > 0 && r.masked[at:at+n] == value[:n] {
		return r.text[at : at+n], value[n:], at + n
	}
	var out []byte
	for n := range len(value) {
		for at < limit && r.masked[at] != value[n] && strings.IndexByte("\\\n\r\x00", r.masked[at]) >= 0 {
			at++
		}
		if at == limit && limit < len(r.text) {
			return string(out), value[n:], at
		}
		if at == limit || r.masked[at] != value[n] {
			return string(out) + value[n:], "", at // not what was parsed
		}
		out = append(out, r.text[at])
		at++
	}
	return string(out), "", at
}

// plain adds text without variables.
func (b *builder) plain(text string, span Span, h how) {
	b.end = max(b.end, span.End)
	if b.inner {
		return
	}
	kind := Literal
	if h == unquoted && isPattern(text, len(b.list) == 0) {
		kind = Pattern
	}
	decoded, at := h.decode(text), -1
	if decoded == b.r.text[span.Start:span.End] {
		at = span.Start
	}
	b.list = append(b.list, Part{Span: span, Kind: kind, Quote: h.quote, Text: decoded})
	b.add(decoded, at)
}

// decode returns a literal without its escapes.
func (h how) decode(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	if h.ansi {
		if out, _, err := expand.Format(&expand.Config{}, s, nil); err == nil {
			return out
		}
		return s
	}
	if h.escapes == "" {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && (h.escapes == "*" || i+1 < len(s) && strings.IndexByte(h.escapes, s[i+1]) >= 0) {
			if i++; i == len(s) {
				break
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// isPattern reports whether the shell may replace an unquoted text by other words:
// *.txt, [ab], {a,b}, or ~ at the beginning of a word.
func isPattern(s string, first bool) bool {
	if first && strings.HasPrefix(s, "~") {
		return true
	}
	bracket, brace := false, false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '*', '?':
			return true
		case '[':
			bracket = true
		case '{':
			brace = true
		case ']':
			if bracket {
				return true
			}
		case '}':
			if brace {
				return true
			}
		}
	}
	return false
}
