package shell

import (
	"errors"
	"io"
	"runtime"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"
)

const (
	// maxSize bounds what is read: no object of Kubernetes is larger.
	maxSize = 1 << 20
	// maxDepth bounds $(...) in $(...), as the text of each of them is a part of
	// the one around it.
	maxDepth = 20
	// maxFrames bounds the calls of the parser on the stack. It calls itself for
	// everything that stands in something else, and a stack that is full ends the
	// program. Scripts of people need less than 200.
	maxFrames = 4000
	// stride is after how many bytes they are counted. Few bytes make more than
	// 30 calls each.
	stride = 2048
)

var (
	errSize  = errors.New("the script is too long")
	errDepth = errors.New("the script is nested too deeply")
)

// read finds the facts of a script.
func read(k key, variables func(string) []Span) *Script {
	s := &Script{Text: k.text, Shell: k.shell}
	r := reader{text: k.text}
	if variables != nil {
		s.Variables = sane(variables(k.text), len(k.text))
	}
	if k.shell == "" {
		s.places = r.settle(0)
		return s
	}
	r.variables, r.masked = s.Variables, mask(k.text, s.Variables)
	end := 0
	if len(k.text) > maxSize {
		s.Err = errSize
	} else {
		end, s.Err = r.script(variant(k.shell))
	}
	s.Commands, s.places = r.link(), r.settle(end)
	s.Errexit = s.Err == nil && errexit(k.errexit, s.Commands)
	return s
}

// errexit reports whether a failing command ends the script. One that switches
// it off anywhere is taken not to have it.
func errexit(on bool, commands []Command) bool {
	for i := range commands {
		switch set, _ := commands[i].Option('e', "errexit"); set {
		case "on":
			on = true
		case "off":
			return false
		}
	}
	return on
}

// variant is the language to read. What /bin/sh is depends on the image, and
// in many it knows much of bash.
func variant(shell string) syntax.LangVariant {
	switch shell {
	case "mksh":
		return syntax.LangMirBSDKorn
	case "zsh":
		return syntax.LangZsh
	}
	return syntax.LangBash
}

// script reads the statements up to the first error, and returns where they
// end.
func (r *reader) script(lang syntax.LangVariant) (end int, failed error) {
	src := &source{rest: r.masked, limit: frames() + maxFrames}
	parser := syntax.NewParser(syntax.KeepComments(true), syntax.Variant(lang))
	before := -1
	// The sequence cannot be left early: it panics if an error follows.
	for stmt, err := range parser.StmtsSeq(src) {
		if failed == nil {
			failed = err
		}
		if failed != nil {
			continue
		}
		commands, regions := len(r.commands), len(r.regions)
		_, before = r.statement(stmt, around{}, before, -1)
		if r.deep {
			r.commands, r.regions, failed = r.commands[:commands], r.regions[:regions], errDepth
			continue
		}
		r.end = max(r.end, r.offset(stmt.End()))
		end = r.end
	}
	if failed != nil {
		return end, failed
	}
	r.trailing(end)
	return len(r.text), nil
}

// source hands a script to the parser, and looks at the stack meanwhile.
type source struct {
	rest  string
	limit int // of the calls on the stack
	given int // since they were counted
}

// Read is called from wherever the parser is.
func (s *source) Read(p []byte) (int, error) {
	if s.given >= stride {
		s.given = 0
		var pc [1]uintptr
		if runtime.Callers(s.limit, pc[:]) > 0 {
			return 0, errDepth
		}
	}
	n := copy(p, s.rest)
	if n == 0 {
		return 0, io.EOF
	}
	s.rest = s.rest[n:]
	s.given += n
	return n, nil
}

// frames counts the calls on the stack.
func frames() int {
	var pcs [64]uintptr
	for n := 0; ; {
		more := runtime.Callers(n, pcs[:])
		if n += more; more < len(pcs) {
			return n
		}
	}
}

// mask returns the text with other bytes, as many of them, for what the parser
// must not see: variables of Tekton, and bytes that are no text. An underscore
// may stand in a word, in a name and in a number.
func mask(text string, variables []Span) string {
	if len(variables) == 0 && utf8.ValidString(text) {
		return text
	}
	b := []byte(text)
	for _, v := range variables {
		for i := v.Start; i < v.End; i++ {
			b[i] = '_'
		}
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			b[i] = '_'
		}
		i += n
	}
	return string(b)
}

// sane drops the spans that are none of the text, or that begin before the end
// of the one before.
func sane(spans []Span, size int) []Span {
	end := 0
	var out []Span
	for _, s := range spans {
		if s.Start >= end && s.Start < s.End && s.End <= size {
			out = append(out, s)
			end = s.End
		}
	}
	return out
}
