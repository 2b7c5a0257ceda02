package practice

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-argument.md
var secretArgumentText string

var secretArgument = &rule.Rule{
	Code:     "secret-argument",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     secretArgumentText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Scripts},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			sources := c.Sources()
			for i := range sources {
				shownSecrets(p, c.Task, &sources[i])
			}
		}
	},
}

// shownSecrets reports secrets on command lines.
func shownSecrets(p *rule.Pass, t *facts.TaskSpec, src *facts.Source) {
	for i := range src.Commands {
		c := &src.Commands[i]
		from, to, what := secrets.Argument(c)
		if what == "" {
			if from = secrets.URL(c); from == nil {
				continue
			}
			to, what = from, urlWithPassword
		}
		if at := src.Spot(from, to); !p.Again(t, what, at) {
			p.Warning(at, what, what+" puts a secret on the command line: "+shownBy(what), secretHelp(what))
		}
	}
}

const urlWithPassword = "a URL with a password"

func shownBy(what string) string {
	if what == urlWithPassword {
		return "error messages show it, and git stores it in .git/config"
	}
	return "the process list shows it, and set -x logs it"
}

func secretHelp(what string) string {
	switch {
	case strings.Contains(what, " create secret "):
		return "use --from-file=KEY=FILE with a file, or --from-file=KEY=/dev/stdin"
	case what == secrets.CurlUser:
		return "use curl --netrc-file FILE with a mounted Secret"
	case what == urlWithPassword:
		return "use a credential helper, or a Secret of the service account annotated with tekton.dev/git-0"
	case strings.Contains(what, "login"):
		command, option, _ := strings.Cut(what, " -")
		if name, _, _ := strings.Cut(what, " "); option != "-token" && name != "argocd" && name != "oc" && name != "az" {
			return "use " + command + " --password-stdin < FILE with a mounted Secret, or mount a config.json"
		}
	}
	return "pass it in a file that is mounted from a Secret"
}
