package facts

import (
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// Source is a script of a container, or its command line if that does not run a
// script.
type Source struct {
	// Script is the script; nil for a command line.
	Script *shell.Script
	// Commands are the commands of the script, or the single command of a command line.
	// The positions of words in a command line are their indexes, not offsets.
	Commands []shell.Command

	container *Container
	set       *Set // of the script in a param, which has no container
	line      int  // the index of the script in the command line; -1 for the field script
}

// memoSources keeps [Container.Sources].
type memoSources struct {
	sources     []Source
	sourcesDone bool
}

// Sources returns the scripts and the command line of a container. For a command
// line sh -c SCRIPT, it returns the script. A command line that runs a script in
// another language is left out. If a container has no command, its image determines
// the program, and the word before the arguments is $0.
func (c *Container) Sources() []Source {
	c.Task.Set().asked(Scripts)
	if c.sourcesDone {
		return c.sources
	}
	c.sourcesDone = true
	set := c.Task.Set()
	if c.Script != "" {
		script := c.read(set.reader().Script(c.Script), c.Spot.Field("script"))
		c.sources = append(c.sources, Source{Script: script, Commands: script.Commands, container: c, line: -1})
	}
	n := len(c.Command)
	if n+len(c.Args) == 0 {
		return c.sources
	}
	line := c.Args
	if n > 0 {
		line = append(append(make([]string, 0, n+len(c.Args)), c.Command...), c.Args...)
	}
	if i := InlineScript(line, n); i >= 0 {
		if shell.IsShell(line[0]) {
			script := c.read(set.reader().Inline(line[i], line[:i]), c.word(i))
			c.sources = append(c.sources, Source{Script: script, Commands: script.Commands, container: c, line: i})
		}
		return c.sources
	}
	words := make([]shell.Word, 0, 1+len(line))
	if n == 0 {
		words = append(words, shell.Word{Text: "$0"})
	}
	for i, text := range line {
		words = append(words, shell.Word{Text: text, Span: shell.Span{Start: i, End: i}})
	}
	c.sources = append(c.sources, Source{Commands: []shell.Command{{Words: words}}, container: c})
	return c.sources
}

// read records what the limits of package shell have left out of a script, and returns
// the script, which is at a spot.
func (c *Container) read(script *shell.Script, at Spot) *shell.Script {
	e := c.Spot.Entry
	switch {
	case script.TooLong():
		e.LeaveOutAt(at, "the script of "+c.Label+" is longer than 1 MiB; it has not been checked", "move a part of the script to a file, such as one in the image")
	case script.TooDeep():
		e.LeaveOutAt(unreadAt(script, at), "the script of "+c.Label+" has a command that is nested too deeply, such as more than 20 levels of $(...); from there on, the script has not been checked",
			"split the command into several ones")
	}
	return script
}

// unreadAt returns the spot of the first line of a script that has not been read.
func unreadAt(script *shell.Script, at Spot) Spot {
	start := 0
	for line := range strings.Lines(script.Text) {
		if text := strings.TrimSpace(line); text != "" && script.Place(start+strings.Index(line, text)) == shell.Unread {
			return at.Of(text)
		}
		start += len(line)
	}
	return at
}

// Spot returns the spot of the words between two words: in a script, the part on the
// line of the first word, in a command line the first word.
func (s *Source) Spot(from, to *shell.Word) Spot {
	if s.Script == nil {
		return s.container.word(from.Start)
	}
	at := s.container.Spot.Field("script")
	if s.line >= 0 {
		at = s.container.word(s.line)
	}
	return at.Of(excerpt(s.Script.Text, from, to))
}

// excerpt returns a part of a script by which the words from one to another are found: the
// part on the line of the first one, unless the script has that before. Then it is the rest
// of that line, the whole line, or the same of the last word.
func excerpt(script string, from, to *shell.Word) string {
	end := max(to.End, from.End)
	text, _, _ := strings.Cut(script[from.Start:end], "\n")
	text = strings.TrimSuffix(text, "\\")
	if isFirst(script, text, from.Start) {
		return text
	}
	for _, w := range [...]*shell.Word{from, to} {
		rest, _, _ := strings.Cut(script[w.Start:], "\n")
		line := strings.LastIndexByte(script[:w.Start], '\n') + 1
		line += len(script[line:w.Start]) - len(strings.TrimLeft(script[line:w.Start], " \t"))
		whole := script[line : w.Start+len(rest)]
		switch {
		case isFirst(script, rest, w.Start):
			return rest
		case isFirst(script, whole, line):
			return whole
		}
	}
	return text
}

// longestScript is the length above which a part of a script is not looked for before it.
const longestScript = 64 << 10

// isFirst reports whether a part of a script is at the offset and not before it.
func isFirst(script, part string, at int) bool {
	return at > longestScript || strings.Index(script, part) == at
}

// word returns the spot of a word of the command line.
func (c *Container) word(i int) Spot {
	if n := len(c.Command); i >= n {
		return c.Spot.Index("args", i-n)
	}
	return c.Spot.Index("command", i)
}

// reader returns the reader of the scripts of the set.
func (s *Source) reader() *shell.Reader {
	if s.container == nil {
		return s.set.reader()
	}
	return s.container.Task.Set().reader()
}
