package secrets

import (
	"path"
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// CurlUser is what [Argument] calls the option of curl with a user and a password.
const CurlUser = "curl -u"

// Argument finds a password among the words of a command. It returns the words from the
// program to the option, and what a message calls them.
func Argument(c *shell.Command) (from, to *shell.Word, what string) {
	argv := c.Argv()
	if len(argv) < 2 {
		return nil, nil, ""
	}
	from, args := &argv[0], argv[1:]
	switch name := path.Base(from.Text); {
	case name == "curl":
		if to = curlPassword(args); to != nil {
			return from, to, CurlUser
		}
	case name == "sshpass":
		if to, option := firstPassword(name, args, false); to != nil {
			return from, to, "sshpass " + option
		}
	case name == "kubectl" || name == "oc":
		if to, option := createdSecret(args); to != nil {
			return from, to, name + " create secret " + option
		}
		fallthrough // oc login
	default:
		if to, option := firstPassword(name, args, true); to != nil {
			if name == "helm" {
				name = "helm registry"
			}
			return from, to, name + " login " + option
		}
	}
	return nil, nil, ""
}

// curlPassword returns the option of curl that passes a user with a password; nil
// if there is none.
func curlPassword(args []shell.Word) *shell.Word {
	for i := range args {
		user := ""
		switch text := args[i].Text; {
		case bundled(text) || text == "--user" || text == "--proxy-user":
			if i+1 < len(args) {
				user = args[i+1].Text
			}
		case strings.HasPrefix(text, "--user="):
			user = text[len("--user="):]
		case strings.HasPrefix(text, "--proxy-user="):
			user = text[len("--proxy-user="):]
		case strings.HasPrefix(text, "-u"):
			user = text[2:]
		}
		if hasPassword(user) {
			return &args[i]
		}
	}
	return nil
}

// bundled reports whether an argument of curl ends with the option -u or -U, which may
// follow options without a value, as in -sSu.
func bundled(text string) bool {
	letters, ok := strings.CutPrefix(text, "-")
	return ok && letters != "" && strings.ContainsAny(letters[len(letters)-1:], "uU") && strings.Trim(letters[:len(letters)-1], "#0123456BGIJLMNOSRVafgijklnpqsv") == ""
}

// createdSecret returns the option of kubectl create secret that passes a value, and
// its name; nil if there is none. A constant is in the manifest anyway.
func createdSecret(args []shell.Word) (to *shell.Word, option string) {
	creates := false
	for i := range args {
		text := args[i].Text
		if creates = creates || text == "secret" && i > 0 && args[i-1].Text == "create"; !creates {
			continue
		}
		for _, option := range []string{"--from-literal", "--docker-password"} {
			value, ok := strings.CutPrefix(text, option+"=")
			if text == option && i+1 < len(args) {
				value, ok = args[i+1].Text, true
			}
			if ok && strings.Contains(value, "$") {
				return &args[i], option
			}
		}
	}
	return nil, ""
}

// firstPassword returns the option of a program that passes a password, and its name; nil
// if there is none.
func firstPassword(name string, args []shell.Word, login bool) (to *shell.Word, option string) {
	p := programs()[name]
	if p == nil {
		return nil, ""
	}
	p.arguments(args, func(a *argument) bool {
		if a.login == login {
			to, option = &args[a.option], a.name
		}
		return to == nil
	})
	return to, option
}

// URL returns the first word that contains a URL with a password; nil if
// there is none. The words of echo and printf do not count: a shell runs them itself, so
// that no other process sees them.
func URL(c *shell.Command) *shell.Word {
	if name := c.Name(); c.Compound || name == "echo" || name == "printf" {
		return nil
	}
	for i := range c.Words {
		if hasUserinfo(c.Words[i].Text) {
			return &c.Words[i]
		}
	}
	return nil
}

// hasUserinfo reports whether a text contains an http URL with a user and a
// password. A host of the pod itself does not count.
func hasUserinfo(s string) bool {
	for {
		i := strings.Index(s, "://")
		if i < 0 {
			return false
		}
		web := strings.HasSuffix(s[:i], "http") || strings.HasSuffix(s[:i], "https")
		s = s[i+len("://"):]
		end := authority(s)
		if at := strings.LastIndexByte(s[:end], '@'); at >= 0 && at+1 < end && web && hasPassword(s[:at]) && !IsLocal(s[at+1:end]) {
			return true
		}
		s = s[end:]
	}
}

// authority returns the length of the part of a URL before its path. Separators
// inside ${...} and $(...) do not count.
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

// hasPassword reports whether a text is USER:PASSWORD.
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

// IsLocal reports whether a host is the pod itself.
func IsLocal(host string) bool {
	name, _, _ := strings.Cut(host, ":")
	return name == "localhost" || name == "127.0.0.1" || name == "0.0.0.0"
}
