package secrets

import (
	"path"
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// some is the number of passwords of a script that are searched for one by one.
const some = 20

// commands reports whether a text may run a program to which a password is passed.
func commands(s string) bool {
	return strings.Contains(s, "login") || strings.Contains(s, "curl") || passes(s)
}

// passes reports whether a text has the name of a program near an option that passes a
// password.
func passes(s string) bool {
	return programWords().find(s, func(from, to int) bool { return mayPass(s, from, to) })
}

// recent are the scripts that were read last, 1 MiB with their facts: the documents of a set
// often have the same ones.
var recent = shell.NewRecent(1 << 20)

// commandLine visits the command line of a container.
func (f *finder) commandLine(n *yamlread.Node) {
	var words []shell.Word
	var nodes []*yamlread.Node
	add := func(text string, n *yamlread.Node) {
		words = append(words, shell.Word{Text: text, Span: shell.Span{Start: len(words), End: len(words)}})
		nodes = append(nodes, n)
	}
	for _, field := range []string{"command", "args"} {
		list := n.Get(field)
		if list == nil || list.Kind != yamlread.List {
			continue
		}
		if field == "args" && len(words) == 0 {
			// The image determines the program, often the one it is named after.
			for _, name := range imageNames(n) {
				add(name, nil)
			}
		}
		for _, item := range list.Items {
			add(item.Text, item)
		}
	}
	hide := func(text string, at int) {
		if nodes[at] != nil {
			f.find(text, nodes[at])
		}
	}
	eachPassword(words, hide)
	for i := range words {
		if path.Base(words[i].Text) == "curl" {
			if text, at := curlUser(words[i:]); text != "" {
				hide(text, i+at)
			}
			break
		}
	}
	// The other options are those of any program.
	for i := 0; i+1 < len(words); i++ {
		name, ok := strings.CutPrefix(words[i].Text, "--")
		if value := words[i+1].Text; ok && len(value) >= short && len(name) < longestName && !strings.HasPrefix(value, "-") && hasSecretWord(name) && sounds(name, value, paramName) && Valued(name, value) {
			hide(value, i+1)
		}
	}
}

// imageNames returns the last elements of the image of a container, without its tag: that of
// quay.io/skopeo/stable is named after skopeo.
func imageNames(n *yamlread.Node) []string {
	image := n.Get("image")
	if image == nil {
		return nil
	}
	names := strings.Split(image.Text, "/")
	names = names[max(0, len(names)-2):]
	for i := range names {
		names[i], _, _ = strings.Cut(names[i], "@")
		names[i], _, _ = strings.Cut(names[i], ":")
	}
	return names
}

// passwordsOf adds the passwords among the arguments of the commands of a script, and of
// the scripts in their words, as in ssh HOST SCRIPT.
func (f *finder) passwordsOf(text string, depth int, add func(string)) {
	script := f.shell.Script(text)
	if script.Shell == "" || script.Err != nil {
		unread(script, add)
	}
	for i := range script.Commands {
		c := &script.Commands[i]
		argv := c.Argv()
		eachPassword(argv, func(password string, _ int) { add(password) })
		for j := range argv {
			if path.Base(argv[j].Text) == "curl" {
				password, _ := curlUser(argv[j:])
				add(password)
				break
			}
		}
		add(fed(c))
		for _, password := range ofDialog(c) {
			add(password)
		}
		if depth == 0 {
			continue
		}
		for w := range c.AllWords() {
			if strings.ContainsAny(w.Text, " \n") && !w.Has(shell.Substitution) && commands(w.Text) {
				f.passwordsOf(w.Text, depth-1, add)
			}
		}
	}
}

// curlUser returns the password that an option of curl passes with a user, and the index of
// its word.
func curlUser(argv []shell.Word) (string, int) {
	to := curlPassword(argv[1:])
	if to == nil {
		return "", 0
	}
	for i := range argv {
		if argv[i].Start != to.Start {
			continue
		}
		text := password(argv[i].Text, false)
		if text == "" && i+1 < len(argv) {
			i++
			text = password(argv[i].Text, true)
		}
		return text, i
	}
	return "", 0
}

// password returns the password in a word of curl: behind the user in the word itself if it
// follows an option, and else in what follows the option in the word.
func password(word string, whole bool) string {
	if !whole {
		switch option, value, ok := strings.Cut(word, "="); {
		case ok && strings.HasPrefix(option, "--"):
			word = value
		case bundled(word):
			return "" // it follows
		case strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--") && len(word) > 2:
			word = strings.TrimPrefix(word[2:], "=")
		default:
			return ""
		}
	}
	if _, rest, ok := strings.Cut(word, ":"); ok {
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
