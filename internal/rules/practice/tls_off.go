package practice

import (
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
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
// do.
var openVariables = map[string]func(value string) bool{
	"GIT_SSL_NO_VERIFY":            func(v string) bool { return v != "" },
	"NODE_TLS_REJECT_UNAUTHORIZED": func(v string) bool { return v == "0" },
	"PYTHONHTTPSVERIFY":            func(v string) bool { return v == "0" },
	"DOCKER_TLS_CERTDIR":           func(v string) bool { return v == "" },
	"DOCKER_HOST":                  func(v string) bool { return strings.HasPrefix(v, "tcp://") && strings.HasSuffix(v, ":2375") },
	"DOCKER_TLS_VERIFY":            func(v string) bool { return v == "0" },
}

// open reports TLS switched off by what.
func open(p *rule.Pass, s facts.Spot, what string) {
	p.Warning(s, what, phrase.Quote(what)+" switches off TLS or the check of certificates: anyone on the way can read and change what is sent",
		"give the tool the authority that signed the certificate (a CA bundle from a workspace), and drop this")
}

// openEnv looks at the environment of a container.
func openEnv(p *rule.Pass, c *facts.Container) {
	for i := range c.Env {
		e := &c.Env[i]
		if opened := openVariables[e.Name]; opened != nil && e.ValueFrom == nil && opened(e.Value) {
			open(p, c.Spot.Index("env", i).Field("value"), e.Name+"="+e.Value)
		}
	}
}

// openCommands looks at the scripts and command lines of a container, and reports
// each way once.
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

// openCommand finds what switches TLS off in a command.
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

// openParams looks at the values of params, in the field params of the value at s.
func openParams(p *rule.Pass, s facts.Spot, params v1.Params) {
	for i := range params {
		openValue(p, s, i, "value", params[i].Name, &params[i].Value)
	}
}

var joints = strings.NewReplacer("-", "", "_", "")

// verifies reports whether a param says by its name whether certificates are
// checked, whichever way it is written.
func verifies(name string) bool {
	switch strings.ToLower(joints.Replace(name)) {
	case "sslverify", "tlsverify":
		return true
	}
	return false
}

// openValue looks at the value of one param, in a field of it.
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
