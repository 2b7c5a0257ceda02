package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/shell"
)

// openFlags are options that switch TLS, or the check of certificates, off.
// What is true takes a value after =, or none.
var openFlags = map[string]bool{
	"--insecure": true, "--insecure-pull": true, "--skip-tls-verify": true, "--skip-tls-verify-pull": true,
	"--insecure-skip-tls-verify": true, "--no-check-certificate": true, "--plain-http": true, "--insecure-registry": true,
	"--skip-tls-verify-registry": true, "--tls-verify": false, "--src-tls-verify": false, "--dest-tls-verify": false,
	"--tlsverify": false,
}

// opens reports whether a word switches TLS off.
func opens(word string) bool {
	name, value, given := strings.Cut(word, "=")
	on, ok := openFlags[name]
	switch {
	case !ok:
		return false
	case !on:
		return value == "false"
	}
	variable := strings.HasPrefix(value, "$") && !strings.HasPrefix(value, "$(") // who sets it asks for it
	return value != "false" && !variable && !(given && isLocal(value))
}

// openVariables are variables of the environment that do, by the values that
// do not.
var openVariables = map[string]func(value string) bool{
	"GIT_SSL_NO_VERIFY":            func(v string) bool { return v != "" },
	"NODE_TLS_REJECT_UNAUTHORIZED": func(v string) bool { return v == "0" },
	"PYTHONHTTPSVERIFY":            func(v string) bool { return v == "0" },
	"DOCKER_TLS_CERTDIR":           func(v string) bool { return v == "" },
	"DOCKER_HOST":                  func(v string) bool { return strings.HasPrefix(v, "tcp://") && strings.HasSuffix(v, ":2375") },
	"DOCKER_TLS_VERIFY":            func(v string) bool { return v == "0" },
}

const (
	openHelp = "give the tool the authority that signed the certificate (a CA bundle from a workspace), and drop this"
)

// tlsOff warns where TLS, or the check of certificates, is switched off.
func (w *workload) tlsOff() {
	for i, e := range w.env {
		if open := openVariables[e.Name]; open != nil && e.ValueFrom == nil && open(e.Value) {
			w.open(w.spot.index("env", i).field("value"), e.Name+"="+e.Value)
		}
	}
	for i := range w.sources {
		src := &w.sources[i]
		for j := range src.commands {
			c := &src.commands[j]
			from, to, what := openCommand(c)
			if what != "" && !w.again(w.seen, "tls-off "+w.spot.path+" "+what, src.at(from, to)) {
				w.open(src.at(from, to), what)
			}
		}
	}
}

// open reports TLS switched off by what, once for each container.
func (c *checker) open(s spot, what string) {
	c.warn(s, "tls-off", what, q(what)+" switches off TLS or the check of certificates: anyone on the way can read and change what is sent", openHelp)
}

// openCommand finds what switches TLS off in a command.
func openCommand(c *shell.Command) (from, to shell.Word, what string) {
	if c.Compound {
		return shell.Word{}, shell.Word{}, ""
	}
	argv := c.Argv()
	name := c.Name()
	for _, w := range c.Words {
		if variable, value, ok := strings.Cut(w.Text, "="); ok && openVariables[variable] != nil && openVariables[variable](value) {
			return w, w, w.Text
		}
	}
	if name == "echo" || name == "printf" || name == "grep" || len(argv) == 0 {
		return shell.Word{}, shell.Word{}, ""
	}
	for i, w := range argv[1:] {
		switch text := w.Text; {
		case opens(text), strings.Contains(text, "registry.insecure=true"):
			return w, w, text
		case name == "curl" && isShort(text, 'k'):
			return argv[0], w, "curl -k"
		case name == "git" && strings.EqualFold(text, "http.sslVerify=false"),
			name == "git" && strings.EqualFold(text, "http.sslVerify") && i+2 < len(argv) && argv[i+2].Text == "false":
			return w, w, "git http.sslVerify=false"
		case (name == "npm" || name == "yarn") && text == "strict-ssl" && i+2 < len(argv) && argv[i+2].Text == "false":
			return w, w, name + " strict-ssl false"
		}
	}
	return shell.Word{}, shell.Word{}, ""
}

// isShort reports whether a word holds a short option of curl: what follows
// one that takes a value is that.
func isShort(word string, option byte) bool {
	if len(word) < 2 || word[0] != '-' || word[1] == '-' {
		return false
	}
	for i := 1; i < len(word); i++ {
		switch {
		case word[i] == option:
			return true
		case strings.IndexByte("AbcCdDeEFHmoPQrTuUwxXyYzKth", word[i]) >= 0:
			return false
		}
	}
	return false
}

// flags warns of values of params that hold such options.
func (c *checker) flags(s spot, params v1.Params) {
	for i := range params {
		c.openValue(s.index("params", i).field("value"), params[i].Name, &params[i].Value)
	}
}

// defaultFlags does so of defaults.
func (t *taskCheck) defaultFlags() {
	for i := range t.spec.Params {
		if p := &t.spec.Params[i]; p.Default != nil {
			t.openValue(t.spot.index("params", i).field("default"), p.Name, p.Default)
		}
	}
}

var joints = strings.NewReplacer("-", "", "_", "")

// fold drops from a name what writers differ in.
func fold(name string) string { return strings.ToLower(joints.Replace(name)) }

// openValue looks at the value of one param.
func (c *checker) openValue(s spot, name string, value *v1.ParamValue) {
	if value.Type == v1.ParamTypeArray {
		for i, item := range value.ArrayVal {
			if opens(item) {
				c.open(s.at(at(s.path, i)), item)
			}
		}
		return
	}
	switch fold(name) {
	case "sslverify", "tlsverify":
		if value.StringVal == "false" {
			c.open(s, name+": false")
		}
	default:
		for _, word := range strings.Fields(value.StringVal) {
			if strings.HasPrefix(word, "--") && opens(word) {
				c.open(s.of(word), word)
			}
		}
	}
}
