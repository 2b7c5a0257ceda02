package secrets

import (
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// some is the number of passwords of a script that are searched for one by one.
const some = 20

// commands reports whether a text may run a program to which a password is passed.
func commands(s string) bool {
	return strings.Contains(s, "login") || strings.Contains(s, "curl") || strings.Contains(s, "sshpass")
}

// commandLine visits the command line of a container.
func (f *finder) commandLine(n *yamlread.Node) {
	var words []shell.Word
	var nodes []*yamlread.Node
	for _, field := range []string{"command", "args"} {
		if list := n.Get(field); list != nil && list.Kind == yamlread.List {
			for _, item := range list.Items {
				words = append(words, shell.Word{Text: item.Text, Span: shell.Span{Start: len(words), End: len(words)}})
				nodes = append(nodes, item)
			}
		}
	}
	if len(words) == 0 {
		return
	}
	// Without a command, the image determines the program, often the one it is named
	// after.
	for _, line := range [][]shell.Word{words, append([]shell.Word{{Text: program(n)}}, words...)} {
		c := &shell.Command{Words: line}
		if _, to, what := Argument(c); what != "" {
			i := to.Start
			text := password(words[i].Text, what, false)
			if text == "" && i+1 < len(words) {
				i++
				text = password(words[i].Text, what, true)
			}
			f.find(text, nodes[i])
		}
	}
}

// program returns the last element of the image of a container, without its tag.
func program(n *yamlread.Node) string {
	image := n.Get("image")
	if image == nil {
		return ""
	}
	name := image.Text[strings.LastIndexByte(image.Text, '/')+1:]
	name, _, _ = strings.Cut(name, ":")
	return name
}

// ofCommand returns the password among the arguments of a command.
func ofCommand(c *shell.Command) string {
	_, to, what := Argument(c)
	if what == "" {
		return ""
	}
	for i := range c.Words {
		w := &c.Words[i]
		if w.Start == to.Start {
			text := password(w.Text, what, false)
			if text == "" && i+1 < len(c.Words) {
				text = password(c.Words[i+1].Text, what, true)
			}
			return text
		}
	}
	return ""
}

// password returns the password in a word: the word itself if it follows an option,
// and else what follows the option in the word.
func password(word, what string, whole bool) string {
	if strings.Contains(what, " create secret ") {
		return "" // see literal
	}
	if !whole {
		switch option, value, ok := strings.Cut(word, "="); {
		case ok && strings.HasPrefix(option, "--"):
			word = value
		case what == CurlUser && bundled(word):
			return "" // it follows
		case strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--") && len(word) > 2:
			word = strings.TrimPrefix(word[2:], "=")
		default:
			return ""
		}
	}
	if _, rest, ok := strings.Cut(word, ":"); ok && what == CurlUser {
		word = rest
	}
	if !Literal(word) || strings.HasPrefix(word, "$") {
		return ""
	}
	return word
}

// find hides a part of a text.
func (f *finder) find(part string, n *yamlread.Node) {
	if part == "" {
		return
	}
	f.out.value(part)
	from, end := int(n.Mark), f.behind(int(n.Mark))
	found := false
	for at := from; ; {
		i := strings.Index(f.text[at:end], part)
		if i < 0 {
			break
		}
		at += i
		if len(part) >= short || !wordy(f.text, at) && !wordy(f.text, at+len(part)) {
			f.out.add(f.text, f.start, at, at+len(part))
			found = true
		}
		at += len(part)
	}
	if !found { // it is written with escapes
		f.scalar(n)
	}
}

// variables returns the positions of Tekton's variables in a script.
func variables(script string) []shell.Span {
	var out []shell.Span
	for m := range tekref.Scan(script) {
		if !m.Open && tekref.Parse(m.Expr).Kind != tekref.None {
			out = append(out, shell.Span{Start: m.Start, End: m.End})
		}
	}
	return out
}
