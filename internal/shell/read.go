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
	// maxDepth bounds $(...) in $(...), since each one repeats the text of those
	// inside it.
	maxDepth = 20
	// maxFrames bounds the calls on the stack. The parser calls itself for
	// everything that is nested, and a full stack ends the program. Real scripts
	// need less than 200.
	maxFrames = 4000
	// stride is the number of bytes between two looks at the stack. A byte adds 31
	// calls at most.
	stride = 2048
)

var (
	errSize  = errors.New("the script is too long")
	errDepth = errors.New("the script is nested too deeply")
)

// TooLong reports whether the script has not been read because of its length.
func (s *Script) TooLong() bool { return errors.Is(s.Err, errSize) }

// TooDeep reports whether the rest of the script has not been read because a command is
// nested too deeply.
func (s *Script) TooDeep() bool { return errors.Is(s.Err, errDepth) }

// readAnew returns the facts of a script. It is called with the lock held.
func (r *Reader) readAnew(k key) *Script {
	s := &Script{Text: k.text, Shell: k.shell}
	if r.variables != nil {
		for start, end := range r.variables(k.text) {
			s.Variables = append(s.Variables, Span{start, end})
		}
		s.Variables = sane(s.Variables, len(k.text))
	}
	s.read(k, r.parser)
	return s
}

// parser returns a parser of a language. One is used again and again: it is large.
func (r *Reader) parser(lang syntax.LangVariant) *syntax.Parser {
	if r.parsers[lang] == nil {
		if r.parsers == nil {
			r.parsers = map[syntax.LangVariant]*syntax.Parser{}
		}
		r.parsers[lang] = syntax.NewParser(syntax.KeepComments(true), syntax.Variant(lang))
	}
	return r.parsers[lang]
}

// read finds the facts of a script.
func (s *Script) read(k key, parser func(syntax.LangVariant) *syntax.Parser) {
	r := reader{text: k.text}
	if k.shell == "" {
		s.places = r.settle(0)
		return
	}
	r.variables, r.masked = s.Variables, mask(k.text, s.Variables)
	end := 0
	if len(k.text) > maxSize {
		s.Err = errSize
	} else {
		end, s.Err = r.script(parser(variant(k.shell)))
	}
	s.Commands, s.places = r.link(), r.settle(end)
	s.Errexit = s.Err == nil && errexit(k.errexit, s.Commands)
}

// errexit reports whether a failing command ends the script. It is false for a
// script that switches errexit off anywhere.
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

// variant returns the language of a shell. Bash stands for all that are like it.
func variant(shell string) syntax.LangVariant {
	switch shell {
	case "mksh":
		return syntax.LangMirBSDKorn
	case "zsh":
		return syntax.LangZsh
	}
	return syntax.LangBash
}

// script reads the statements up to the first error, and returns their end.
func (r *reader) script(parser *syntax.Parser) (end int, failed error) {
	src := &source{rest: r.masked}
	if len(r.masked) > stride {
		src.limit = frames() + maxFrames
	}
	before := -1
	// The sequence cannot be left early: it panics if an error follows.
	for stmt, err := range parser.StmtsSeq(src) {
		if failed == nil {
			failed = err
			if err != nil && src.deep {
				failed = errDepth // not the syntax error at its end
			}
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

// source gives a script to the parser, and looks at the stack meanwhile.
type source struct {
	rest  string
	limit int  // of the calls on the stack
	given int  // bytes since the last look
	deep  bool // the stack was too full
}

// Read is called from wherever the parser is.
func (s *source) Read(p []byte) (int, error) {
	if s.rest == "" {
		return 0, io.EOF // before the look: nothing more can be nested
	}
	if s.given >= stride {
		s.given = 0
		var pc [1]uintptr
		if runtime.Callers(s.limit, pc[:]) > 0 {
			s.deep = true
			return 0, errDepth
		}
	}
	n := copy(p, s.rest)
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

// mask returns a text of the same length in which underscores replace what the
// parser must not see: variables of Tekton, and bytes that are not UTF-8. Words
// and names can have underscores.
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

// sane drops spans that are outside of the text or overlap.
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
