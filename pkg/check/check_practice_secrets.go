package check

import (
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// logins are the programs whose login takes a password as an argument.
var logins = map[string]bool{
	"docker": true, "podman": true, "nerdctl": true, "buildah": true, "skopeo": true, "crane": true, "oras": true, "helm": true,
	"img": true, "regctl": true, "cosign": true, "argocd": true, "oc": true, "az": true,
}

// secretsShown warns of secrets that a command line or a log shows.
func (w *workload) secretsShown() {
	for i := range w.sources {
		src := &w.sources[i]
		for j := range src.commands {
			c := &src.commands[j]
			from, to, what := passwordArgument(c)
			if what == "" {
				from, what = passwordURL(c)
				to = from
			}
			if what == "" || w.again(w.seen, "secret-argument "+what, src.at(from, to)) {
				continue
			}
			w.warn(src.at(from, to), "secret-argument", what, what+" puts a secret on the command line: "+shownBy(what), secretHelp(what))
		}
		w.traced(src)
	}
}

func shownBy(what string) string {
	if strings.HasPrefix(what, "the URL") {
		return "messages of errors show it, and git keeps it in .git/config"
	}
	return "lists of processes show it, and set -x logs it"
}

func secretHelp(what string) string {
	switch {
	case strings.HasPrefix(what, "curl"):
		return "use curl --netrc-file FILE with a mounted Secret"
	case strings.HasPrefix(what, "the URL"):
		return "use a credential helper, or a Secret of the account annotated with tekton.dev/git-0"
	case strings.Contains(what, "login"):
		return `write echo "$PASSWORD" | ... login --password-stdin, or mount a config.json`
	}
	return "pass it in a file"
}

// passwordArgument finds a password among the words of a command: the words
// from the program to the option, and what it is.
func passwordArgument(c *shell.Command) (from, to shell.Word, what string) {
	argv := c.Argv()
	if len(argv) < 2 {
		return
	}
	name := baseName(argv[0].Text)
	switch {
	case name == "curl":
		for i, a := range argv[1:] {
			user := ""
			switch {
			case a.Text == "-u" || a.Text == "--user" || a.Text == "-U" || a.Text == "--proxy-user":
				if i+2 < len(argv) {
					user = argv[i+2].Text
				}
			case strings.HasPrefix(a.Text, "--user="):
				user = a.Text[len("--user="):]
			case strings.HasPrefix(a.Text, "-u"):
				user = a.Text[2:]
			}
			if hasPassword(user) {
				return argv[0], a, "curl -u"
			}
		}
	case name == "sshpass":
		for _, a := range argv[1:] {
			if strings.HasPrefix(a.Text, "-p") {
				return argv[0], a, "sshpass -p"
			}
		}
	case logins[name]:
		login := false
		for i, a := range argv[1:] {
			switch next := ""; {
			case a.Text == "login":
				login = true
			case !login:
			case a.Text == "-p" || a.Text == "--password" || a.Text == "--token":
				if i+2 < len(argv) {
					next = argv[i+2].Text
				}
				if next != "" {
					return argv[0], a, loginOf(name) + a.Text
				}
			case strings.HasPrefix(a.Text, "--password="), strings.HasPrefix(a.Text, "--token="), strings.HasPrefix(a.Text, "-p") && len(a.Text) > 2 && a.Text[2] != '=':
				option, _, _ := strings.Cut(a.Text, "=")
				if !strings.HasPrefix(option, "--") {
					option = "-p"
				}
				return argv[0], a, loginOf(name) + option
			}
		}
	}
	return shell.Word{}, shell.Word{}, ""
}

func loginOf(program string) string {
	if program == "helm" {
		return "helm registry login "
	}
	return program + " login "
}

// passwordURL finds a word that holds an URL with a password.
func passwordURL(c *shell.Command) (shell.Word, string) {
	if c.Compound {
		return shell.Word{}, ""
	}
	for _, w := range c.Words {
		if host := userinfo(w.Text); host != "" {
			return w, "the URL with a password in it"
		}
	}
	return shell.Word{}, ""
}

// userinfo returns the host of the first http URL in s that holds a user and a
// password, "" if there is none. A host of the pod itself does not count.
func userinfo(s string) string {
	for {
		i := strings.Index(s, "://")
		if i < 0 {
			return ""
		}
		web := strings.HasSuffix(s[:i], "http") || strings.HasSuffix(s[:i], "https")
		s = s[i+len("://"):]
		end := authority(s)
		user, host, ok := cutLast(s[:end], '@')
		if ok && web && hasPassword(user) && !isLocal(host) {
			return host
		}
		s = s[end:]
	}
}

// authority is the length of what stands before the path of an URL; what
// stands in ${...} and $(...) is one thing.
func authority(s string) int {
	depth := 0
	for i := range len(s) {
		switch c := s[i]; {
		case (c == '{' || c == '(') && i > 0 && s[i-1] == '$':
			depth++
		case (c == '}' || c == ')') && depth > 0:
			depth--
		case depth == 0 && strings.IndexByte("/ \t\n\"'?#,;", c) >= 0:
			return i
		}
	}
	return len(s)
}

func cutLast(s string, c byte) (before, after string, ok bool) {
	if i := strings.LastIndexByte(s, c); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// hasPassword reports whether s is USER:PASSWORD.
func hasPassword(s string) bool {
	depth := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '{' || c == '(':
			depth++
		case c == '}' || c == ')':
			depth--
		case c == ':' && depth == 0:
			return i+1 < len(s)
		}
	}
	return false
}

func isLocal(host string) bool {
	name, _, _ := strings.Cut(host, ":")
	return name == "localhost" || name == "127.0.0.1" || name == "0.0.0.0"
}

// traced warns of set -x in a script that uses a variable from a Secret: the
// shell logs each command with its values.
func (w *workload) traced(src *source) {
	if src.script == nil || src.script.Err != nil {
		return
	}
	var secrets []string
	for _, e := range w.env {
		if e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil && e.Name != "" {
			secrets = append(secrets, e.Name)
		}
	}
	if t := w.spec.StepTemplate; t != nil && w.step != nil {
		for _, e := range t.Env {
			if e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil && e.Name != "" {
				secrets = append(secrets, e.Name)
			}
		}
	}
	if len(secrets) == 0 {
		return
	}
	on, at := false, shell.Word{}
	for i := range src.commands {
		c := &src.commands[i]
		switch set, word := c.Option('x', "xtrace"); set {
		case "off":
			return // around what is secret
		case "on":
			if !on {
				on, at = true, shell.Word{Span: shell.Span{Start: c.Words[0].Start, End: word.End}}
			}
		}
	}
	if !on {
		return
	}
	for i := range src.commands {
		if src.commands[i].Compound {
			continue // it is logged as it is written
		}
		for j := range src.commands[i].Words {
			word := &src.commands[i].Words[j]
			if word.Start < at.End {
				continue
			}
			for _, name := range secrets {
				if word.Expands(name) {
					w.warn(src.at(at, at), "secret-traced", name, "set -x writes each command with its values to the log, and "+q(name)+" comes from a Secret",
						"drop -x, or write set +x before the secret is used")
					return
				}
			}
		}
	}
}
