package jsonpath

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	dictKey    = regexp.MustCompile(`^'([^']*)'$`)
	sliceRange = regexp.MustCompile(`^(-?[\d]*)(:-?[\d]*)?(:-?[\d]*)?$`)
	comparison = regexp.MustCompile(`^([^!<>=]+)([!<>=]+)(.+?)$`)
)

// end is no rune of a text.
const end = -1

// parser reads the inside of one pair of braces.
type parser struct {
	input string
	pos   int
	nodes []node
}

// parseAction reads the inside of a pair of braces, which holds no others.
func parseAction(text string) ([]node, error) {
	p := &parser{input: text + "}"}
	for {
		done, err := p.step()
		if done || err != nil {
			return p.nodes, err
		}
	}
}

func (p *parser) add(k kind, text string) { p.nodes = append(p.nodes, node{k, text}) }

// step reads one node; it is done at a closing brace.
func (p *parser) step() (done bool, err error) {
	rest := p.input[p.pos:]
	switch {
	case strings.HasPrefix(rest, "}"):
		return true, nil
	case strings.HasPrefix(rest, "[?("):
		p.pos += len("[?(")
		return false, p.filter()
	case strings.HasPrefix(rest, ".."):
		return false, p.recursive()
	}
	start := p.pos
	switch r := p.next(); {
	case r == end || r == '\n' || r == '\r':
		return false, errors.New("it ends too early")
	case r == ' ' || r == '@' || r == '$':
	case r == '[':
		return false, p.array(start)
	case r == '"' || r == '\'':
		return false, p.quote(start, r)
	case r == '.':
		p.field()
	case r == '+' || r == '-' || unicode.IsDigit(r):
		p.pos = start
		return false, p.number(start)
	case isAlphaNumeric(r):
		p.word(start)
	default:
		return false, fmt.Errorf("it holds %q, which means nothing there", r)
	}
	return false, nil
}

func (p *parser) next() rune {
	if p.pos >= len(p.input) {
		return end
	}
	r, w := utf8.DecodeRuneInString(p.input[p.pos:])
	p.pos += w
	return r
}

func (p *parser) peek() rune {
	pos := p.pos
	r := p.next()
	p.pos = pos
	return r
}

// field reads a name up to a character that ends it.
func (p *parser) field() {
	start := p.pos
	for {
		r := p.peek()
		if r == '\\' {
			p.next()
			p.next()
			continue
		}
		if ends(r) {
			break
		}
		p.next()
	}
	if name := p.input[start:p.pos]; name == "*" {
		p.add(wildcard, name)
	} else {
		p.add(field, strings.ReplaceAll(name, `\`, ""))
	}
}

func (p *parser) word(start int) {
	for !ends(p.peek()) {
		p.next()
	}
	if text := p.input[start:p.pos]; text == "true" || text == "false" {
		p.add(constant, text)
	} else {
		p.add(word, text)
	}
}

func (p *parser) recursive() error {
	if n := len(p.nodes); n > 0 && p.nodes[n-1].kind == recursive {
		return errors.New("two .. follow each other")
	}
	p.pos += len("..")
	p.add(recursive, "..")
	if isAlphaNumeric(p.peek()) {
		p.field()
	}
	return nil
}

func (p *parser) number(start int) error {
	if r := p.peek(); r == '+' || r == '-' {
		p.next()
	}
	for r := p.peek(); r == '.' || unicode.IsDigit(r); r = p.peek() {
		p.next()
	}
	text := p.input[start:p.pos]
	if _, err := strconv.Atoi(text); err != nil {
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return fmt.Errorf("%q is no number", text)
		}
	}
	p.add(constant, text)
	return nil
}

func (p *parser) quote(start int, pair rune) error {
	for {
		switch r := p.next(); {
		case r == end || r == '\n':
			return errors.New("a quote is never closed")
		case r == pair && p.input[p.pos-2] != '\\':
			text := p.input[start:p.pos]
			if !unquotes(text) {
				return fmt.Errorf("%s is no quoted text", text)
			}
			p.add(constant, text)
			return nil
		}
	}
}

// unquotes reports whether a text in quotes can be read.
func unquotes(s string) bool {
	if len(s) < 2 {
		return false
	}
	pair := s[0]
	s = s[1 : len(s)-1]
	for len(s) > 0 {
		if s[0] != '\\' && s[0] != pair {
			s = s[1:]
			continue
		}
		_, _, rest, err := strconv.UnquoteChar(s, pair)
		if err != nil {
			return false
		}
		s = rest
	}
	return true
}

// array reads what stands in brackets.
func (p *parser) array(start int) error {
	for r := p.next(); r != ']'; r = p.next() {
		if r == end || r == '\n' {
			return errors.New("a bracket is never closed")
		}
	}
	text := p.input[start+1 : p.pos-1]
	if text == "*" {
		text = ":"
	}
	if items := strings.Split(text, ","); len(items) > 1 {
		for _, item := range items {
			if _, err := parseAction("[" + strings.Trim(item, " ") + "]"); err != nil {
				return err
			}
		}
		p.add(union, text)
		return nil
	}
	if m := dictKey.FindStringSubmatch(text); m != nil {
		nodes, err := parseAction("." + m[1])
		p.nodes = append(p.nodes, nodes...)
		return err
	}
	m := sliceRange.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("[%s] is neither an index nor a quoted name", text)
	}
	for i, s := range m[1:] {
		if i > 0 {
			s = strings.TrimPrefix(s, ":")
		}
		if _, err := strconv.Atoi(s); s != "" && err != nil {
			return fmt.Errorf("%s is no index", s)
		}
	}
	if m[2] == "" && m[3] == "" && text != "" {
		p.add(index, text)
	} else {
		p.add(slice, text)
	}
	return nil
}

// filter reads what follows [?(.
func (p *parser) filter() error {
	start, opened, closed := p.pos, false, false
	var pair rune
loop:
	for {
		switch r := p.next(); r {
		case end, '\n':
			return errors.New("a filter is never closed")
		case '"', '\'':
			if !opened {
				opened, pair = true, r
			} else if r == pair && p.input[p.pos-2] != '\\' {
				closed = true
			}
		case ')':
			if opened == closed {
				break loop
			}
		}
	}
	if p.next() != ']' {
		return errors.New("the bracket of a filter is never closed")
	}
	text := p.input[start : p.pos-2]
	sides := []string{text}
	if m := comparison.FindStringSubmatch(text); m != nil {
		sides = []string{m[1], m[3]}
	}
	for _, side := range sides {
		if _, err := parseAction(side); err != nil {
			return err
		}
	}
	p.add(filter, text)
	return nil
}

// ends reports whether a name ends before r.
func ends(r rune) bool {
	switch r {
	case end, ' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}':
		return true
	}
	return false
}

func isAlphaNumeric(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
