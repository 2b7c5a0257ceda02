package check

import "strings"

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
		if src.list != nil {
			continue
		}
		for j := range src.commands {
			c := &src.commands[j]
			for k, word := range c.words {
				name, ok := resultOf(src.raw(word))
				if !ok || !writes(c, k) {
					continue
				}
				from := c
				if c.name() == "tee" {
					if from = before(src.commands, j); from == nil || !c.piped {
						continue
					}
				}
				if from.piped {
					continue // a filter stands between
				}
				if what := unbounded(from); what != "" && !w.again(w.seen, "result-size "+name, src.at(from.words[0], word)) {
					w.warn(src.at(from.words[0], word), "result-size", name, "what "+q(what)+" prints has no bound, but the results of a step have 4096 bytes together: more fails the task",
						"write it to a file of a workspace, and what is needed of it to the result")
				}
			}
		}
	}
}

// before is the command before another one that does not stand inside it; nil
// if there is none.
func before(commands []shellCommand, i int) *shellCommand {
	for i--; i >= 0; i-- {
		if !commands[i].sub {
			return &commands[i]
		}
	}
	return nil
}

// resultOf is the result whose file a word is.
func resultOf(word string) (string, bool) {
	word = strings.Trim(word, `"'`)
	r, ok := isolated(word)
	return r.Name, ok && r.Kind == refResultPath
}

// unbounded names a command whose output grows with what it looks at; "" for
// others.
func unbounded(c *shellCommand) string {
	argv := c.argv()
	if len(argv) < 2 {
		return ""
	}
	name, sub := baseName(argv[0].text), argv[1].text
	has := func(prefix string) bool {
		for _, a := range argv[2:] {
			if strings.HasPrefix(a.text, prefix) {
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
			if form := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(a.text, "--output"), "-o"), "="); form != a.text {
				if form == "" && i+1 < len(argv) {
					form = argv[i+1].text
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
func hasCount(words []shellWord) bool {
	for _, w := range words {
		if len(w.text) > 1 && w.text[0] == '-' && w.text[1] >= '1' && w.text[1] <= '9' {
			return true
		}
	}
	return false
}
