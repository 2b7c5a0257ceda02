package practice

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-size.md
var resultSizeText string

var resultSize = &rule.Rule{
	Code:     "result-size",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     resultSizeText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Scripts},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			steps := t.Steps()
			for i := range steps {
				sources := steps[i].Sources()
				for j := range sources {
					resultSizes(p, t, &sources[j])
				}
			}
			tooManyResults(p, t)
			largeResults(p, t)
		}
	},
}

// Tekton returns results in the termination message of a container, which is
// limited to 4096 bytes, and to 12288 for all containers of the pod together.
// Each result needs space for its name and the JSON around it.
const (
	messageSize    = 4096
	podMessageSize = 12288
	resultOverhead = len(`{"key":"","value":"","type":1},`)
)

// tooManyResults reports results that do not fit even if they are empty.
func tooManyResults(p *rule.Pass, t *facts.TaskSpec) {
	containers := len(t.Spec.Steps) + len(t.Spec.Sidecars)
	if containers == 0 || len(t.Spec.Results) == 0 {
		return
	}
	room, need := min(messageSize, podMessageSize/containers), 0
	for i := range t.Spec.Results {
		need += resultOverhead + len(t.Spec.Results[i].Name)
	}
	if need <= room {
		return
	}
	p.Warning(t.Spot.Field("results"), "",
		t.Label+" has "+phrase.Itoa(len(t.Spec.Results))+" results, whose names alone need "+phrase.Itoa(need)+" bytes, but a container can return only "+phrase.Itoa(room),
		"write them to a file in a workspace, or to one result, or set results-from: sidecar-logs in the cluster")
}

// largeResults reports results of which a script writes a text that is too long, such
// as an array of many URLs.
func largeResults(p *rule.Pass, t *facts.TaskSpec) {
	for i := range t.Spec.Results {
		name := t.Spec.Results[i].Name
		for _, w := range t.ResultWrites(name) {
			text, known := w.Value()
			if size := len(strconv.Quote(text)) + resultOverhead - len(`""`) + len(name); known && size > messageSize && !p.Again(t, name, w.Spot) {
				p.Warning(w.Spot, name, "the value of result "+phrase.Quote(name)+" needs "+phrase.Itoa(size)+" bytes with its name, but a container can return only "+phrase.Itoa(messageSize)+", so the task fails",
					"write it to a file in a workspace, or set results-from: sidecar-logs in the cluster")
			}
		}
	}
}

// resultSizes reports commands that write unbounded output to a result.
func resultSizes(p *rule.Pass, t *facts.TaskSpec, src *facts.Source) {
	if src.Script == nil {
		return
	}
	for i := range src.Commands {
		c := &src.Commands[i]
		from := c
		if c.Name() == "tee" {
			from = c.Reads
		}
		if from == nil || from.Reads != nil { // there is a filter in between
			continue
		}
		what := unbounded(from)
		if what == "" {
			continue
		}
		for word, writes := range c.Written() {
			name, ok := resultOf(src.Script.Text[word.Start:word.End])
			if !ok || !writes {
				continue
			}
			if at := src.Spot(&from.Words[0], word); !p.Again(t, name, at) {
				p.Warning(at, name, phrase.Quote(what)+" can write any amount of output to a result: the task fails if the results of a step exceed 4096 bytes",
					"write the full output to a file in a workspace, and only the part that you need to the result")
			}
		}
	}
}

// resultOf returns the result whose path a word is.
func resultOf(word string) (string, bool) {
	v, ok := facts.Alone(strings.Trim(word, `"'`))
	return v.Name, ok && v.Kind == tekref.ResultPath
}

// unbounded returns the name of a command whose output may be of any size; "" for
// other commands.
func unbounded(c *shell.Command) string {
	argv := c.Argv()
	if len(argv) < 2 {
		return ""
	}
	options := argv[2:]
	name, sub := base(argv[0].Text), argv[1].Text
	switch name {
	case "kubectl", "oc", "docker", "helm", "go", "npm", "mvn", "git":
		name += " " + sub
	default:
		return ""
	}
	switch name {
	case "kubectl logs", "oc logs", "docker logs":
		if !has(options, "--tail") {
			return name
		}
	case "kubectl describe", "oc describe", "helm template", "helm get", "go test", "npm test", "mvn test":
		return name
	case "git log":
		if !has(options, "-n") && !has(options, "--max-count") && !hasCount(options) {
			return name
		}
	case "kubectl get", "oc get":
		for i := range argv {
			text := argv[i].Text
			form := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(text, "--output"), "-o"), "=")
			if form == text {
				continue
			}
			if form == "" && i+1 < len(argv) {
				form = argv[i+1].Text
			}
			if form == "json" || form == "yaml" {
				return name + " -o " + form
			}
		}
	}
	return ""
}

// has reports whether a word begins with a text.
func has(words []shell.Word, prefix string) bool {
	for i := range words {
		if strings.HasPrefix(words[i].Text, prefix) {
			return true
		}
	}
	return false
}

// hasCount reports whether -1, -20 or the like is among the words.
func hasCount(words []shell.Word) bool {
	for i := range words {
		if text := words[i].Text; len(text) > 1 && text[0] == '-' && text[1] >= '1' && text[1] <= '9' {
			return true
		}
	}
	return false
}
