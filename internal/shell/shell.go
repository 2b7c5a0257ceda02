package shell

import (
	"iter"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tekwright/tekwright/internal/memo"
)

// A Span is a part of a text: the bytes from Start up to End.
type Span struct{ Start, End int }

// A Script holds the facts of one script. Callers share it and must not change
// it.
type Script struct {
	Text      string
	Shell     string    // the shell that runs it, such as "bash"; "" for another interpreter
	Errexit   bool      // a command that fails ends it; false if that is not certain
	Commands  []Command // in the order of their ends: a $(...) precedes the command around it
	Variables []Span    // of Tekton
	Err       error     // why the rest of it was not read

	places []segment
}

// A Command is a simple command, or a compound one: an if, a loop, a case, a
// group in braces, a subshell or a function.
type Command struct {
	// Words are the words of the command, assignments before it included.
	//
	// The first word of [[ ... ]], of ((...)) and of let is that one, and the
	// operands follow. The first word of a compound command is its keyword; the
	// items of a for, the subject and the patterns of a case, and the name of a
	// function follow.
	Words     []Word
	Redirects []Redirect

	Compound bool // if, for, select, while, until, case, {, ( or function
	Sub      bool // it is part of a $(...), `...`, <(...) or >(...)
	Joined   bool // it follows && or ||
	Depth    int  // the number of compound commands around it

	// Fatal is set if its failure surely ends the script under errexit. It is
	// not set for a compound command, nor for what is inside a function, a
	// subshell or a substitution.
	Fatal bool

	// Reads is the command whose output this one reads through a pipe, or nil.
	Reads *Command
	// Before is the command whose status is in $? when this one starts. It is nil
	// if that is not certain.
	Before *Command
}

// A Redirect is a redirection of a command.
type Redirect struct {
	FD     string // as written: "2" in 2>x, "" in >x
	Op     string // such as ">" or "<<-"
	Target Word   // a file, a file descriptor, or the delimiter of a here-document
	Body   Word   // of a here-document
}

// Writes reports whether the redirection writes to a file.
func (r *Redirect) Writes() bool {
	switch r.Op {
	case ">", ">>", ">|", "&>", "&>>":
		return true
	}
	return false
}

// A Word is a word of a script.
type Word struct {
	Span // with its quotes

	// Text is the word without quotes and escapes. Expansions and substitutions
	// are as written: $x, ${x:-"y"}, $(...).
	Text string
	// Parts are the parts of the word in order, or nil if it is plain text without
	// quotes.
	Parts []Part
	// Sets is the name of the variable that the word assigns a value to, or "".
	Sets string
}

// A Part is a part of a word.
type Part struct {
	Span  // without the quotes
	Kind  Kind
	Quote Quote
	Text  string // the text of a Literal or a Pattern, the name of the variable of an Expansion
	// Inner is set for a part inside another one, which precedes it: $y in
	// ${x:-$y}, in $((x + $y)) and in x=($y).
	Inner bool
}

// A Kind is the kind of a part of a word.
type Kind uint8

// The kinds of parts.
const (
	Literal      Kind = iota // plain text
	Pattern                  // text that stands for others: *.txt, {a,b}, ~
	Expansion                // $x, ${x}, ${x:-y}
	Substitution             // $(...), `...`, <(...), >(...)
	Arithmetic               // $((...)), $[...], and what ((...)) and let compute
	Array                    // the (...) of x=(...)
	Variable                 // a variable of Tekton
)

// A Quote is the way in which a part of a word is quoted.
type Quote uint8

// The ways to quote.
const (
	Unquoted Quote = iota
	Single         // '...', $'...'
	Double         // "...", and a here-document
)

// Literal returns the text of the word. It reports false if the word depends on
// what happens when the script runs.
func (w *Word) Literal() (string, bool) {
	for i := range w.Parts {
		if w.Parts[i].Kind != Literal {
			return "", false
		}
	}
	return w.Text, true
}

// Has reports whether the word has a part of the kind.
func (w *Word) Has(k Kind) bool {
	return slices.ContainsFunc(w.Parts, func(p Part) bool { return p.Kind == k })
}

// Expands reports whether the word contains the value of the variable.
func (w *Word) Expands(name string) bool {
	return slices.ContainsFunc(w.Parts, func(p Part) bool { return p.Kind == Expansion && p.Text == name })
}

// Argv returns the words from the name of the program on: without assignments
// before it, and without what only starts it, such as sudo. It is empty for a
// compound command.
func (c *Command) Argv() []Word {
	if c.Compound {
		return nil
	}
	for i := range c.Words {
		if c.Words[i].Sets != "" {
			continue
		}
		switch c.Words[i].Text {
		case "sudo", "exec", "command", "env", "time", "nohup", "eval":
		default:
			if name, _, ok := strings.Cut(c.Words[i].Text, "="); !ok || !isName(name) { // env NAME=value
				return c.Words[i:]
			}
		}
	}
	return nil
}

// AllWords returns an iterator over the words of the command, and over the
// targets of its redirections and the bodies of its here-documents.
func (c *Command) AllWords() iter.Seq[*Word] {
	return func(yield func(*Word) bool) {
		for i := range c.Words {
			if !yield(&c.Words[i]) {
				return
			}
		}
		for i := range c.Redirects {
			if r := &c.Redirects[i]; !yield(&r.Target) || !yield(&r.Body) {
				return
			}
		}
	}
}

// Written returns [Command.AllWords], and for each whether it is a file that the command
// writes: the target of a > or an argument of tee.
func (c *Command) Written() iter.Seq2[*Word, bool] {
	return func(yield func(*Word, bool) bool) {
		tee := c.Name() == "tee"
		for i := range c.Words {
			if !yield(&c.Words[i], tee) {
				return
			}
		}
		for i := range c.Redirects {
			if r := &c.Redirects[i]; !yield(&r.Target, tee || r.Writes()) || !yield(&r.Body, tee) {
				return
			}
		}
	}
}

// Name returns the name of the program that the command runs, without its
// folder, or "".
func (c *Command) Name() string {
	if words := c.Argv(); len(words) > 0 {
		return base(words[0].Text)
	}
	return ""
}

// Option returns "on" or "off" if the command is a set that switches the option
// with this letter or name, and the word that does; "" if it does not.
func (c *Command) Option(letter byte, name string) (string, Word) {
	words := c.Argv()
	if len(words) < 2 || words[0].Text != "set" {
		return "", Word{}
	}
	for i, w := range words[1:] {
		if w.Text == "--" || w.Text == "-" {
			break
		}
		if len(w.Text) < 2 || w.Text[0] != '-' && w.Text[0] != '+' {
			continue
		}
		if strings.IndexByte(w.Text[1:], letter) >= 0 || strings.HasSuffix(w.Text, "o") && i+2 < len(words) && words[i+2].Text == name {
			if w.Text[0] == '-' {
				return "on", w
			}
			return "off", w
		}
	}
	return "", Word{}
}

// A Reader reads scripts, each of them once. It may be used by several
// goroutines at the same time.
type Reader struct {
	variables func(text string) iter.Seq2[int, int]
	recent    *Recent
	mu        sync.Mutex
	scripts   map[key]*Script
	parsers   map[syntax.LangVariant]*syntax.Parser
}

// key is what the facts of a script depend on.
type key struct {
	text    string
	shell   string
	errexit bool
}

// NewReader returns a Reader. The function returns where the variables of Tekton in a
// text begin and end, from left to right; nil means that there are none. Readers with the same
// function can share what they last read; nil means that they do not.
func NewReader(variables func(text string) iter.Seq2[int, int], recent *Recent) *Reader {
	return &Reader{variables: variables, recent: recent, scripts: map[key]*Script{}}
}

// Recent are the scripts that several Readers last read.
type Recent memo.Recent[key, *Script]

// NewRecent returns a Recent for scripts that take so much memory together, about,
// in bytes.
func NewRecent(limit int) *Recent {
	return (*Recent)(memo.NewRecent[key, *Script](limit))
}

// Script returns the facts of the script of a step. Tekton runs one without a
// shebang by "sh" with "set -e".
func (r *Reader) Script(text string) *Script {
	line, ok := Shebang(text)
	if !ok {
		return r.read(key{text, "sh", true})
	}
	return r.read(interpreter(text, strings.Fields(line)))
}

// Inline returns the facts of a script that is an argument. The command is what
// precedes it, such as sh and -c.
func (r *Reader) Inline(text string, command []string) *Script {
	return r.read(interpreter(text, command))
}

func (r *Reader) read(k key) *Script {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.scripts[k]
	if s == nil {
		s = (*memo.Recent[key, *Script])(r.recent).Of(k, func() (*Script, int) {
			s := r.readAnew(k)
			return s, s.size()
		})
		r.scripts[k] = s
	}
	return s
}

// size is about the memory that the facts take, in bytes.
func (s *Script) size() int {
	size := 2*len(s.Text) + int(unsafe.Sizeof(*s)) + len(s.places)*int(unsafe.Sizeof(segment{})) + len(s.Variables)*int(unsafe.Sizeof(Span{}))
	for i := range s.Commands {
		c := &s.Commands[i]
		size += int(unsafe.Sizeof(*c)) + len(c.Redirects)*int(unsafe.Sizeof(Redirect{}))
		for w := range c.AllWords() {
			size += int(unsafe.Sizeof(*w)) + len(w.Parts)*int(unsafe.Sizeof(Part{}))
		}
	}
	return size
}

// interpreter finds the shell and its options in a command line.
func interpreter(text string, line []string) key {
	k := key{text: text}
	for _, word := range line {
		switch {
		case k.shell == "" && IsShell(word):
			k.shell = base(word)
		case k.shell != "" && strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--"):
			k.errexit = k.errexit || strings.Contains(word, "e")
		}
	}
	return k
}

// Shebang returns the first line of a script without its #!. It reports false if
// there is no #!. Like Tekton it ignores blanks before it.
func Shebang(text string) (string, bool) {
	line, ok := strings.CutPrefix(strings.TrimSpace(text), "#!")
	if !ok {
		return "", false
	}
	line, _, _ = strings.Cut(line, "\n")
	return line, true
}

// IsShell reports whether a word of a command line is the name or the path of a
// shell.
func IsShell(word string) bool {
	switch base(word) {
	case "sh", "bash", "ash", "dash", "ksh", "mksh", "zsh":
		return true
	}
	return false
}

// isName reports whether a variable of a shell can have the name.
func isName(name string) bool {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
