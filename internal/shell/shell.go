package shell

import (
	"iter"
	"slices"
	"strings"
	"sync"
)

// A Span is a part of a text: the bytes from Start up to End.
type Span struct{ Start, End int }

// A Script is what is known of the text of a script. It is shared by all who
// ask for it, so nobody may change it.
type Script struct {
	Text      string
	Shell     string    // the shell that runs it, such as "bash"; "" if it is not for a shell
	Errexit   bool      // whether a command that fails ends it: false where that is not certain
	Commands  []Command // by where they end: those of a $(...) come before the command around it
	Variables []Span    // the variables of Tekton
	Err       error     // why it is not read to its end

	places []segment
}

// A Command is a command of a script, or what holds others together: an if, a
// loop, a case, braces, a subshell, a function.
type Command struct {
	// Words are the words of the command, assignments before it included.
	//
	// Of [[ ... ]], ((...)) and let, the first word is that one, and the others
	// are the operands. A compound command has its keyword, and of a for, a case
	// or a function the words before its body.
	Words     []Word
	Redirects []Redirect

	Compound bool // an if, for, select, while, until, case, {, ( or function
	Sub      bool // it stands in a $(...), `...`, <(...) or >(...)
	Joined   bool // a && or || stands before it
	Depth    int  // how many compound commands stand around it

	// Fatal reports whether its failure ends a script that has errexit set.
	// Unlike a shell it takes what a function, a subshell or a compound command
	// returns for uncertain.
	Fatal bool

	// Reads is the command whose output it reads through a pipe, or nil.
	Reads *Command
	// Before is the command whose status $? is where this one starts. It is nil
	// where there is none, or where several may be the last one.
	Before *Command
}

// A Redirect is a redirection of a command.
type Redirect struct {
	FD     string // as written: "2" of 2>x, otherwise mostly ""
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

	// Text is the word without quotes and escapes. What is put into it when the
	// script runs is there as it is written: $x, ${x:-"y"}, $(...).
	Text string
	// Parts are what the word consists of, in order. They are nil for plain text
	// without quotes, which most words are.
	Parts []Part
	// Sets is the variable that the word assigns to, or "".
	Sets string
}

// A Part is a part of a word.
type Part struct {
	Span         // of a quoted text, without the quotes
	Kind  Kind   //
	Quote Quote  // the quotes around it
	Text  string // of a Literal or a Pattern its text, of an Expansion the name of the variable
	// Inner is set for what stands inside the part before it that is not Inner:
	// the y of ${x:-$y}, of $((x + $y)) and of x=($y).
	Inner bool
}

// A Kind says what a part of a word is.
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

// A Quote says how a part of a word is quoted.
type Quote uint8

// The ways to quote.
const (
	Unquoted Quote = iota
	Single         // '...', $'...'
	Double         // "...", and a here-document
)

// Literal returns the text of a word that is the same whenever the script
// runs. It reports false for others.
func (w *Word) Literal() (string, bool) {
	for i := range w.Parts {
		if w.Parts[i].Kind != Literal {
			return "", false
		}
	}
	return w.Text, true
}

// Has reports whether the word has a part of a kind.
func (w *Word) Has(k Kind) bool {
	return slices.ContainsFunc(w.Parts, func(p Part) bool { return p.Kind == k })
}

// Expands reports whether the value of a variable is put into the word.
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
			if name, _, ok := strings.Cut(c.Words[i].Text, "="); !ok || !IsName(name) { // env NAME=value
				return c.Words[i:]
			}
		}
	}
	return nil
}

// AllWords is a sequence of the words of the command, of the targets of its
// redirections and the bodies of its here-documents.
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

// WritesTo reports whether one of [Command.AllWords] is a file that the command
// writes: the target of a > or a tee.
func (c *Command) WritesTo(word *Word) bool {
	for i := range c.Redirects {
		if r := &c.Redirects[i]; &r.Target == word && r.Writes() {
			return true
		}
	}
	return c.Name() == "tee"
}

// Name returns the name of the program that the command runs, without its
// folder, or "".
func (c *Command) Name() string {
	if words := c.Argv(); len(words) > 0 {
		return base(words[0].Text)
	}
	return ""
}

// Option reports whether the command is a set that switches an option of the
// shell, given by its letter and its name: "on", "off", or "" if it does
// neither. The word is the one that says so.
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
	variables func(text string) []Span
	mu        sync.Mutex
	scripts   map[key]*Script
}

// key is what the facts of a script depend on.
type key struct {
	text    string
	shell   string
	errexit bool
}

// NewReader returns a Reader. The function says where a text has variables of
// Tekton, from left to right.
func NewReader(variables func(text string) []Span) *Reader {
	return &Reader{variables: variables, scripts: map[key]*Script{}}
}

// Script reads the script of a step. Its first line says what runs it; one
// without a shebang is run by "sh" under "set -e".
func (r *Reader) Script(text string) *Script {
	line, ok := Shebang(text)
	if !ok {
		return r.read(key{text, "sh", true})
	}
	return r.read(interpreter(text, strings.Fields(line)))
}

// Inline reads a script that is an argument: of sh -c SCRIPT, whose words
// before the script are sh and -c.
func (r *Reader) Inline(text string, command []string) *Script {
	return r.read(interpreter(text, command))
}

func (r *Reader) read(k key) *Script {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.scripts[k]
	if s == nil {
		s = read(k, r.variables)
		r.scripts[k] = s
	}
	return s
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

// Shebang returns what a script says of its interpreter: its first line
// without the #!. It reports false for a script without one. Tekton looks for it
// behind blanks.
func Shebang(text string) (string, bool) {
	line, ok := strings.CutPrefix(strings.TrimSpace(text), "#!")
	if !ok {
		return "", false
	}
	line, _, _ = strings.Cut(line, "\n")
	return line, true
}

// IsShell reports whether a word of a command line is a shell.
func IsShell(word string) bool {
	switch base(word) {
	case "sh", "bash", "ash", "dash", "ksh", "mksh", "zsh":
		return true
	}
	return false
}

// IsName reports whether a variable of the shell can have the name.
func IsName(name string) bool {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
