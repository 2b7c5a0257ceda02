package check

import "strings"

// maxShellDepth bounds $(...) in $(...): what is deeper ends the reading.
const maxShellDepth = 20

// shellReader reads a script once, from left to right.
type shellReader struct {
	src   string
	pos   int
	depth int
	out   []shellCommand
	here  []string // delimiters of the here-documents whose bodies come next
	gone  bool     // too deep
	shellState
}

// shellState is what each $(...) has of its own.
type shellState struct {
	closing       byte // what ends the list: ), ` or 0 for the end
	cur           shellCommand
	blocks        []byte // the ifs, loops, functions around: c for a condition, f for a function, b for the rest
	conds, inners int    // how many of them are of these kinds
}

// list reads commands up to the closing character.
func (r *shellReader) list() {
	parens := 0
	for r.pos < len(r.src) && !r.gone {
		c := r.src[r.pos]
		switch {
		case c == r.closing && (parens == 0 || c == '`'):
			r.end(")")
			r.pos++
			return
		case c == ' ' || c == '\t' || c == '\r':
			r.pos++
		case c == '\\' && strings.HasPrefix(r.src[r.pos:], "\\\n"):
			r.pos += 2
		case c == '#':
			for r.pos < len(r.src) && r.src[r.pos] != '\n' {
				r.pos++
			}
		case c == '\n':
			r.end("\n")
			r.pos++
			r.bodies()
		case c == ';' || c == '|' || c == '&' && !strings.HasPrefix(r.src[r.pos:], "&>"):
			r.operator(c)
		case c == '(' && len(r.cur.words) > 0 && strings.HasPrefix(r.src[r.pos:], "()"):
			r.pos += 2
			r.function()
		case c == '(':
			r.pos++
			r.end("(")
			r.open('f')
			parens++
		case c == ')' && parens > 0:
			r.pos++
			parens--
			r.end(")")
			r.shut()
			r.compound()
		case c == ')':
			r.pos++
			r.pattern()
		case c == '<' || c == '>' || c == '&':
			r.redirect()
		default:
			r.word()
		}
	}
	r.end("")
}

func (r *shellReader) operator(c byte) {
	op := string(c)
	r.pos++
	switch {
	case r.pos < len(r.src) && r.src[r.pos] == c:
		r.pos++
		if c != ';' {
			op += op
		}
	case c == '|' && r.pos < len(r.src) && r.src[r.pos] == '&':
		r.pos++
	}
	r.end(op)
}

// function begins the body of NAME().
func (r *shellReader) function() {
	r.cur.words = nil
	for r.pos < len(r.src) && strings.IndexByte(" \t\r\n", r.src[r.pos]) >= 0 {
		r.pos++
	}
	if strings.HasPrefix(r.src[r.pos:], "{") {
		r.pos++
		r.open('f')
	}
}

// pattern drops the pattern of a case.
func (r *shellReader) pattern() {
	if len(r.cur.words) > 0 && r.cur.words[0].text == "case" {
		r.open('b')
	}
	r.cur = shellCommand{sub: r.depth > 0, branch: true}
}

func (r *shellReader) open(kind byte) {
	r.blocks = append(r.blocks, kind)
	r.count(kind, 1)
}

func (r *shellReader) shut() {
	if n := len(r.blocks); n > 0 {
		r.count(r.blocks[n-1], -1)
		r.blocks = r.blocks[:n-1]
	}
}

// turn makes the condition of the innermost block its body, or the reverse.
func (r *shellReader) turn(kind byte) {
	r.shut()
	r.open(kind)
}

func (r *shellReader) count(kind byte, n int) {
	switch kind {
	case 'c':
		r.conds += n
	case 'f':
		r.inners += n
	}
}

// end ends the command that is read.
func (r *shellReader) end(op string) {
	c := r.cur
	if len(c.words) == 0 && op == "\n" {
		return // after an operator, the command goes on in the next line
	}
	c.from = len(r.blocks)
	c.words = r.keywords(&c)
	r.cur = shellCommand{sub: r.depth > 0, piped: op == "|", joined: op == "&&" || op == "||"}
	if len(c.words) == 0 {
		r.cur.branch = c.branch
		return
	}
	c.ends, c.cond, c.inner, c.nest = op, r.conds > 0, r.inners > 0, len(r.blocks)
	c.negated = c.words[0].text == "!"
	if c.negated {
		c.words = c.words[1:]
	}
	c.closes = c.closes || len(c.words) > 0 && isCloser(c.words[0].text)
	r.out = append(r.out, c)
}

// compound notes that a subshell ended.
func (r *shellReader) compound() {
	r.cur.closes = true
	r.cur.words = append(r.cur.words, shellWord{")", r.pos - 1, r.pos})
}

func isCloser(word string) bool {
	return word == "fi" || word == "done" || word == "esac" || word == "}"
}

// keywords takes the words of the shell itself off the front of a command, and
// keeps count of the blocks that they open and close.
func (r *shellReader) keywords(c *shellCommand) []shellWord {
	words := c.words
	for len(words) > 0 {
		w := words[0]
		if r.src[w.start:w.end] != w.text {
			return words // in quotes it is no keyword
		}
		switch w.text {
		case "if", "while", "until":
			r.open('c')
		case "then", "do", "else":
			r.turn('b')
			c.branch = true
		case "elif":
			r.turn('c')
			c.branch = true
		case "for", "case", "select":
			r.open('b')
			return nil
		case "function":
			r.open('f')
			return nil
		case "fi", "done", "esac", "}":
			r.shut()
			return words
		case "{":
			r.open('b')
		default:
			return words
		}
		words = words[1:]
	}
	return nil
}

// redirect reads an operator as a word: > >> < << <<- <<< >& <& &> <( >(
func (r *shellReader) redirect() {
	start := r.pos
	for r.pos < len(r.src) && r.pos < start+3 && strings.IndexByte("<>&|", r.src[r.pos]) >= 0 {
		r.pos++
	}
	op := r.src[start:r.pos]
	if op == "<<" && strings.HasPrefix(r.src[r.pos:], "-") {
		r.pos++
	}
	r.cur.words = append(r.cur.words, shellWord{op, start, r.pos})
	switch {
	case strings.HasPrefix(r.src[r.pos:], "("):
		r.pos++
		r.substitution(')')
	case op == "<<":
		for r.pos < len(r.src) && (r.src[r.pos] == ' ' || r.src[r.pos] == '\t') {
			r.pos++
		}
		before := len(r.cur.words)
		r.word()
		if len(r.cur.words) > before {
			r.here = append(r.here, r.cur.words[before].text)
		}
	}
}

// bodies skips the here-documents that begin after this line.
func (r *shellReader) bodies() {
	for _, delimiter := range r.here {
		for r.pos < len(r.src) {
			line, _, more := strings.Cut(r.src[r.pos:], "\n")
			r.pos += len(line)
			if more {
				r.pos++
			}
			if strings.TrimSpace(line) == delimiter {
				break
			}
		}
	}
	r.here = nil
}

// word reads one word, and the commands in its $(...).
func (r *shellReader) word() {
	start := r.pos
	var b strings.Builder
	for r.pos < len(r.src) && !r.gone {
		c := r.src[r.pos]
		if strings.IndexByte(" \t\r\n;&|<>()", c) >= 0 || c == '`' && r.closing == '`' {
			break
		}
		switch c {
		case '\'':
			text, _, _ := strings.Cut(r.src[r.pos+1:], "'")
			b.WriteString(strings.ReplaceAll(text, "$", "\x00"))
			r.pos = min(r.pos+len(text)+2, len(r.src))
		case '"':
			r.pos++
			for r.pos < len(r.src) && r.src[r.pos] != '"' && !r.gone {
				r.piece(&b)
			}
			r.pos = min(r.pos+1, len(r.src))
		default:
			r.piece(&b)
		}
	}
	if r.pos > start {
		r.cur.words = append(r.cur.words, shellWord{b.String(), start, r.pos})
	}
}

// piece reads what may stand in double quotes: an escape, a substitution, or a
// character.
func (r *shellReader) piece(b *strings.Builder) {
	start, rest := r.pos, r.src[r.pos:]
	switch {
	case rest[0] == '\\':
		r.pos = min(r.pos+2, len(r.src))
		if len(rest) > 1 && rest[1] != '\n' {
			b.WriteByte(rest[1])
		}
		return
	case strings.HasPrefix(rest, "$(("):
		r.nested('(', ')')
	case strings.HasPrefix(rest, "${"):
		r.nested('{', '}')
	case strings.HasPrefix(rest, "$("):
		r.pos += 2
		r.substitution(')')
	case rest[0] == '`':
		r.pos++
		r.substitution('`')
	default:
		r.pos++
	}
	b.WriteString(r.src[start:r.pos])
}

// nested skips ${...} and $((...)).
func (r *shellReader) nested(open, shut byte) {
	depth := 0
	for r.pos < len(r.src) {
		c := r.src[r.pos]
		r.pos++
		switch c {
		case '\\':
			r.pos = min(r.pos+1, len(r.src))
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return
			}
		}
	}
}

// substitution reads the commands of a $(...).
func (r *shellReader) substitution(closing byte) {
	if r.depth == maxShellDepth {
		r.gone, r.pos = true, len(r.src)
		return
	}
	outer, here := r.shellState, r.here
	r.shellState, r.here = shellState{closing: closing, cur: shellCommand{sub: true}}, nil
	r.depth++
	r.list()
	r.depth--
	r.shellState, r.here = outer, here
}
