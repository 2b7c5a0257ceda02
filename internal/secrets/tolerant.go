package secrets

import (
	"path"
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// unread adds the passwords in the lines of a script that the shell parser has not read:
// after an error, or because another interpreter runs it. There the words are only those
// between blanks. What looks like a comment has none, as in a script that was read.
func unread(script *shell.Script, add func(string)) {
	text := script.Text
	for at := 0; at < len(text); {
		from := at
		for at = nextLine(text, at); strings.HasSuffix(text[from:at], "\\\n") && at < len(text); {
			at = nextLine(text, at)
		}
		line := strings.TrimSpace(text[from:at])
		if line == "" || line[0] == '#' || script.Place(at-1) != shell.Unread || !commands("\n"+line+"\n") {
			continue
		}
		looseLine(strings.ReplaceAll(line, "\\\n", " "), text[at:min(len(text), at+longestDialog)], script.Shell == "", 1, add)
	}
}

// looseLine adds the passwords in a line, and in the scripts in its words. A here-document
// may be in what follows it.
func looseLine(line, after string, foreign bool, depth int, add func(string)) {
	// A password may have blanks in quotes, and quotes may mean nothing.
	for _, quotes := range []bool{false, true} {
		var before *shell.Command
		for part := range split(line, quotes) {
			c := &shell.Command{Words: make([]shell.Word, len(part.words)), Reads: before}
			for i, w := range part.words {
				c.Words[i] = shell.Word{Text: w.text, Span: shell.Span{Start: i, End: i}}
				if quotes && depth > 0 && strings.Contains(w.text, " ") && commands(w.text) {
					looseLine(w.text, after, foreign, depth-1, add)
				}
			}
			if dialogs[c.Name()] && strings.Contains(line, "<<") {
				c.Redirects = []shell.Redirect{{Body: shell.Word{Text: after}}}
			}
			part.passwords(c, foreign, add)
			if before = nil; part.pipe {
				before = afterEcho(c)
			}
		}
	}
}

// longestDialog is the number of bytes of a here-document that are looked at if its end is
// not known.
const longestDialog = 2 << 10

// loose is a command of a line that the parser has not read.
type loose struct {
	words []looseWord
	pipe  bool // another command reads its output
}

// looseWord is a word between blanks or quotes.
type looseWord struct {
	text           string
	opened, closed bool // a quote is before it, or behind it
}

// passwords adds the passwords of a command. In other languages than that of shells, a word
// without quotes behind one with quotes is a variable: ["docker", "login", "-p", password].
func (l *loose) passwords(c *shell.Command, foreign bool, add func(string)) {
	visit := func(password string, at int) {
		if at > 0 && foreign && l.words[at-1].closed && !l.words[at].opened && l.words[at].text == password {
			return
		}
		if password == "" || strings.IndexByte("{%+", password[0]) >= 0 || !Valued("password", password) {
			return // a placeholder of another language
		}
		add(password)
	}
	eachPassword(c.Words, visit)
	for i := range c.Words {
		if path.Base(c.Words[i].Text) == "curl" {
			password, at := curlUser(c.Words[i:])
			visit(password, i+at)
			break
		}
	}
	visit(fed(c), 0)
	for _, password := range ofDialog(c) {
		visit(password, 0)
	}
}

// afterEcho returns the part of a command that begins with echo or printf, or the command:
// something else may be before it, such as if.
func afterEcho(c *shell.Command) *shell.Command {
	for i := range c.Words {
		if name := c.Words[i].Text; name == "echo" || name == "printf" {
			return &shell.Command{Words: c.Words[i:]}
		}
	}
	return c
}

// split calls yield for each command of a line, until it returns false. If quotes is set,
// what is in quotes is a word or a part of one, and else quotes are like blanks.
func split(line string, quotes bool) func(yield func(*loose) bool) {
	return func(yield func(*loose) bool) {
		var (
			c    loose
			word []byte
			open bool // a quote is before the word
		)
		end := func(closed bool) {
			text := strings.TrimRight(strings.TrimLeft(string(word), "(["), "),];")
			if text != "" {
				c.words = append(c.words, looseWord{text, open, closed})
			}
			word, open = word[:0], closed
		}
		for i := 0; i < len(line); i++ {
			switch b := line[i]; {
			case b == '"' || b == '\'' || b == '`':
				if n := strings.IndexByte(line[i+1:], b); quotes && n >= 0 && b != '`' {
					word = append(word, line[i+1:i+1+n]...)
					i += n + 1
					continue
				}
				end(true)
			case isSpace(b) || b == ',' && len(word) == 0:
				if len(word) > 0 {
					end(false)
				}
				open = false
			case b == '|' || b == ';' || b == '&' || b == '(' && opens(line[i+1:]) || (b == ']' || b == ')') && open && len(word) == 0:
				end(false)
				if c.pipe = b == '|' && !strings.HasPrefix(line[i+1:], "|") && !strings.HasSuffix(line[:i], "|"); len(c.words) > 0 {
					if !yield(&c) {
						return
					}
				}
				c = loose{}
			default:
				word = append(word, b)
			}
		}
		if end(false); len(c.words) > 0 {
			yield(&c)
		}
	}
}

// opens reports whether a command follows a parenthesis, and not the name of a variable of
// Tekton.
func opens(after string) bool {
	i := strings.IndexAny(after, " \t)")
	return i >= 0 && after[i] != ')'
}
