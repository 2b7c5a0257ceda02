package practice

import (
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed tls-off.md
var tlsOffText string

var tlsOff = &rule.Rule{
	Code:     "tls-off",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     tlsOffText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Scripts},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			openEnv(p, c)
			openCommands(p, c)
		}
		for _, t := range p.Entry.TaskSpecs() {
			for i := range t.Spec.Params {
				if d := &t.Spec.Params[i]; d.Default != nil {
					openValue(p, t.Spot, i, "default", d.Name, d.Default)
				}
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				openParams(p, t.Spot, t.Params)
			}
		}
		switch e := p.Entry; {
		case e.Run != nil:
			openParams(p, p.At("spec"), e.Run.Spec.Params)
		case e.TaskRun != nil:
			openParams(p, p.At("spec"), e.TaskRun.Spec.Params)
		}
	},
}

// openFlags has the options that control TLS or certificate verification. An
// option with true turns it off unless its value is false, one with false only if
// its value is false.
var openFlags = map[string]bool{
	"--insecure": true, "--insecure-pull": true, "--skip-tls-verify": true, "--skip-tls-verify-pull": true,
	"--insecure-skip-tls-verify": true, "--no-check-certificate": true, "--plain-http": true, "--insecure-registry": true,
	"--skip-tls-verify-registry": true, "--tls-verify": false, "--src-tls-verify": false, "--dest-tls-verify": false,
	"--tlsverify": false,
}

// opens reports whether a word turns TLS off.
func opens(word string) bool {
	name, value, given := strings.Cut(word, "=")
	on, ok := openFlags[name]
	switch {
	case !ok:
		return false
	case !on:
		return value == "false"
	}
	variable := strings.HasPrefix(value, "$") && !strings.HasPrefix(value, "$(") // the user opts in by setting it
	return value != "false" && !variable && !(given && secrets.IsLocal(value))
}

// openVariables has the environment variables that turn TLS off, and reports for
// each whether a value does.
var openVariables = map[string]func(value string) bool{
	"GIT_SSL_NO_VERIFY":            func(v string) bool { return v != "" },
	"NODE_TLS_REJECT_UNAUTHORIZED": func(v string) bool { return v == "0" },
	"PYTHONHTTPSVERIFY":            func(v string) bool { return v == "0" },
	"DOCKER_TLS_CERTDIR":           func(v string) bool { return v == "" },
	"DOCKER_HOST":                  func(v string) bool { return strings.HasPrefix(v, "tcp://") && strings.HasSuffix(v, ":2375") },
	"DOCKER_TLS_VERIFY":            func(v string) bool { return v == "0" },
}

// isPlain reports whether a setting turns TLS off entirely, and not only the
// verification of certificates.
func isPlain(what string) bool {
	name, _, _ := strings.Cut(what, "=")
	switch name {
	case "--plain-http", "--tlsverify", "DOCKER_TLS_CERTDIR", "DOCKER_HOST":
		return true
	}
	return false
}

// open reports a setting that turns off TLS or the verification of certificates.
func open(p *rule.Pass, s facts.Spot, what string) {
	off, help := "certificate verification", "pass the CA certificate to the tool, for example from a workspace, and remove "+phrase.Quote(what)
	if isPlain(what) {
		off, help = "TLS", "use TLS, and remove "+phrase.Quote(what)
	}
	p.Warning(s, what, phrase.Quote(what)+" turns off "+off+": anyone on the network path can read and change the traffic", help)
}

// openEnv checks the environment of a container.
func openEnv(p *rule.Pass, c *facts.Container) {
	for i := range c.Env {
		e := &c.Env[i]
		if opened := openVariables[e.Name]; opened != nil && e.ValueFrom == nil && opened(e.Value) {
			open(p, c.Spot.Index("env", i).Field("value"), e.Name+"="+e.Value)
		}
	}
}

// openCommands checks the scripts and command lines of a container, and reports
// each setting once.
func openCommands(p *rule.Pass, c *facts.Container) {
	sources := c.Sources()
	for i := range sources {
		src := &sources[i]
		for j := range src.Commands {
			from, to, what := openCommand(&src.Commands[j])
			if what == "" {
				continue
			}
			if at := src.Spot(from, to); !p.Again(c, what, at) {
				open(p, at, what)
			}
		}
	}
}

// openCommand returns the words of a command that turn TLS off, and what a message
// calls them.
func openCommand(c *shell.Command) (from, to *shell.Word, what string) {
	if c.Compound {
		return nil, nil, ""
	}
	for i := range c.Words {
		w := &c.Words[i]
		if variable, value, ok := strings.Cut(w.Text, "="); ok && openVariables[variable] != nil && openVariables[variable](value) {
			return w, w, w.Text
		}
	}
	argv := c.Argv()
	if len(argv) == 0 {
		return nil, nil, ""
	}
	name := base(argv[0].Text)
	if name == "echo" || name == "printf" || name == "grep" {
		return nil, nil, ""
	}
	off := func(i int) bool { return i+1 < len(argv) && argv[i+1].Text == "false" }
	for i := 1; i < len(argv); i++ {
		w := &argv[i]
		switch text := w.Text; {
		case opens(text), strings.Contains(text, "registry.insecure=true"):
			return w, w, text
		case name == "curl" && isShort(text, 'k'):
			return &argv[0], w, "curl -k"
		case name == "git" && strings.EqualFold(text, "http.sslVerify=false"), name == "git" && strings.EqualFold(text, "http.sslVerify") && off(i):
			return w, w, "git http.sslVerify=false"
		case (name == "npm" || name == "yarn") && text == "strict-ssl" && off(i):
			return w, w, name + " strict-ssl false"
		}
	}
	return nil, nil, ""
}

// isShort reports whether a word contains a short option of curl. Text after an
// option with a value is the value.
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

// openParams checks the values of params, in the field params of the value at s.
func openParams(p *rule.Pass, s facts.Spot, params v1.Params) {
	for i := range params {
		openValue(p, s, i, "value", params[i].Name, &params[i].Value)
	}
}

var joints = strings.NewReplacer("-", "", "_", "")

// verifies reports whether the name of a param means that it turns certificate
// verification on or off, in any spelling.
func verifies(name string) bool {
	switch strings.ToLower(joints.Replace(name)) {
	case "sslverify", "tlsverify":
		return true
	}
	return false
}

// openValue checks the value of one param, in a field of it.
func openValue(p *rule.Pass, s facts.Spot, param int, field, name string, value *v1.ParamValue) {
	at := func() facts.Spot { return s.Index("params", param).Field(field) }
	if value.Type == v1.ParamTypeArray {
		for i, item := range value.ArrayVal {
			if opens(item) {
				open(p, at().Item(i), item)
			}
		}
		return
	}
	switch text := value.StringVal; {
	case text == "false":
		if verifies(name) {
			open(p, at(), name+": false")
		}
	case strings.Contains(text, "--") && !verifies(name):
		for word := range strings.FieldsSeq(text) {
			if strings.HasPrefix(word, "--") && opens(word) {
				open(p, at().Of(word), word)
			}
		}
	}
}
