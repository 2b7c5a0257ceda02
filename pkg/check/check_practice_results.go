package check

import (
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// Results travel in the termination message of a container: 4096 bytes, and
// 12288 for all containers of the pod together. Each result costs its name and
// the JSON around it.
const (
	messageSize    = 4096
	podMessageSize = 12288
	resultOverhead = len(`{"key":"","value":"","type":1},`)
)

// tooManyResults warns of results that do not fit even if they are empty.
func (t *taskCheck) tooManyResults() {
	containers := len(t.spec.Steps) + len(t.spec.Sidecars)
	if t.action || containers == 0 || len(t.spec.Results) == 0 {
		return
	}
	room, need := min(messageSize, podMessageSize/containers), 0
	for i := range t.spec.Results {
		need += resultOverhead + len(t.spec.Results[i].Name)
	}
	if need <= room {
		return
	}
	t.warn(t.spot.field("results"), "result-size", "", t.label+" has "+itoa(len(t.spec.Results))+" results, whose names alone take "+itoa(need)+" bytes: a container has "+itoa(room)+" for all of them",
		"put them in a file of a workspace, or in one result, or set results-from: sidecar-logs in the cluster")
}

// resultSizes warns of commands that print without bounds into a result.
func (w *workload) resultSizes() {
	if w.step == nil {
		return
	}
	for i := range w.sources {
		src := &w.sources[i]
		if src.script == nil {
			continue
		}
		for j := range src.commands {
			c := &src.commands[j]
			from := c
			if c.Name() == "tee" {
				from = c.Reads
			}
			if from == nil || from.Reads != nil { // a filter stands between
				continue
			}
			what := unbounded(from)
			if what == "" {
				continue
			}
			for word := range c.AllWords() {
				name, ok := resultOf(src.script.Text[word.Start:word.End])
				if ok && writes(c, word) && !w.again(w.seen, "result-size "+name, src.at(from.Words[0], *word)) {
					w.warn(src.at(from.Words[0], *word), "result-size", name, "what "+q(what)+" prints has no bound, but the results of a step have 4096 bytes together: more fails the task",
						"write it to a file of a workspace, and what is needed of it to the result")
				}
			}
		}
	}
}

// resultOf is the result whose file a word is.
func resultOf(word string) (string, bool) {
	word = strings.Trim(word, `"'`)
	r, ok := isolated(word)
	return r.Name, ok && r.Kind == refResultPath
}

// unbounded names a command whose output grows with what it looks at; "" for
// others.
func unbounded(c *shell.Command) string {
	argv := c.Argv()
	if len(argv) < 2 {
		return ""
	}
	name, sub := baseName(argv[0].Text), argv[1].Text
	has := func(prefix string) bool {
		for _, a := range argv[2:] {
			if strings.HasPrefix(a.Text, prefix) {
				return true
			}
		}
		return false
	}
	switch name + " " + sub {
	case "kubectl logs", "oc logs", "docker logs":
		if !has("--tail") {
			return name + " " + sub
		}
	case "kubectl describe", "oc describe", "helm template", "helm get", "go test", "npm test", "mvn test":
		return name + " " + sub
	case "git log":
		if !has("-n") && !has("--max-count") && !hasCount(argv[2:]) {
			return "git log"
		}
	case "kubectl get", "oc get":
		for i, a := range argv {
			if form := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(a.Text, "--output"), "-o"), "="); form != a.Text {
				if form == "" && i+1 < len(argv) {
					form = argv[i+1].Text
				}
				if form == "json" || form == "yaml" {
					return name + " get -o " + form
				}
			}
		}
	}
	return ""
}

// hasCount reports whether -1, -20 or the like is among the words.
func hasCount(words []shell.Word) bool {
	for _, w := range words {
		if len(w.Text) > 1 && w.Text[0] == '-' && w.Text[1] >= '1' && w.Text[1] <= '9' {
			return true
		}
	}
	return false
}
