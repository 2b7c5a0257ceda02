package pac

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Prefix begins the annotations of Pipelines-as-Code.
const Prefix = "pipelinesascode.tekton.dev/"

// The annotations that say which events start a run, and those about the run.
const (
	OnEvent            = Prefix + "on-event"
	OnTargetBranch     = Prefix + "on-target-branch"
	OnPathChange       = Prefix + "on-path-change"
	OnPathChangeIgnore = Prefix + "on-path-change-ignore"
	OnLabel            = Prefix + "on-label"
	OnComment          = Prefix + "on-comment"
	OnCELExpression    = Prefix + "on-cel-expression"
	TargetNamespace    = Prefix + "target-namespace"
	MaxKeepRuns        = Prefix + "max-keep-runs"
	CancelInProgress   = Prefix + "cancel-in-progress"
	Task               = Prefix + "task"
	PipelineAnnotation = Prefix + "pipeline"
	OriginalName       = Prefix + "original-prname"
	GitAuthSecret      = Prefix + "git-auth-secret"
)

// Settable are the annotations that a user sets, without their prefix.
var Settable = []string{
	"on-event", "on-target-branch", "on-path-change", "on-path-change-ignore", "on-label", "on-comment",
	"on-cel-expression", "target-namespace", "max-keep-runs", "cancel-in-progress", "task", "pipeline",
}

// Written are the annotations and labels that Pipelines-as-Code sets itself, whatever the
// file contains, without their prefix.
var Written = []string{
	"sha-title", "sha-url", "repo-url", "source-repo-url", "url-org", "url-repository", "sha", "sender",
	"event-type", "branch", "source-branch", "repository", "git-provider", "secret-created",
	"controller-info", "pull-request", "git-auth-secret", "state", "log-url", "scm-reporting-plr-started",
	"installation-id", "ghe-url", "source-project-id", "target-project-id", "clone-url", "execution-order",
	"check-run-id", "gitlab-pipeline-id", "original-prname",
}

// Lists are the annotations whose value is a list, without their prefix. Those of tasks
// may also end with a number.
var Lists = []string{"on-event", "on-target-branch", "on-path-change", "on-path-change-ignore", "on-label", "task", "pipeline"}

// IsTask reports whether an annotation is read as one that refers to tasks.
func IsTask(key string) bool { return taskKey.MatchString(key) }

var (
	list        = regexp.MustCompile(`^\[(.*)\]$|^[^[\]\s]*$`)
	taskKey     = regexp.MustCompile(`pipelinesascode.tekton.dev/task(-[0-9]+)?$`)
	pipelineKey = regexp.MustCompile(`pipelinesascode.tekton.dev/pipeline$`)
)

// List returns the values of an annotation that is a list: several in brackets on one
// line, or one without blanks and brackets. In a value, &#44; is a comma.
func List(annotation string) ([]string, error) {
	annotation = strings.TrimSpace(annotation)
	m := list.FindStringSubmatch(annotation)
	if m == nil {
		return nil, fmt.Errorf("annotations in pipeline are in wrong format: %s", annotation)
	}
	if !strings.HasPrefix(annotation, "[") {
		return []string{comma(annotation)}, nil
	}
	values := strings.Split(m[1], ",")
	for i := range values {
		values[i] = strings.TrimSpace(comma(values[i]))
	}
	if values[0] == "" {
		return nil, fmt.Errorf("annotation \"%s\" has empty values", annotation)
	}
	return values, nil
}

func comma(s string) string { return strings.ReplaceAll(s, "&#44;", ",") }

// references returns the values of the annotations whose key matches, and the key of each.
// Pipelines-as-Code reads the annotations in any order. Here, the order is that of their
// keys.
func references(annotations map[string]string, key *regexp.Regexp) (values, keys []string, err error) {
	var names []string
	for name := range annotations {
		if key.MatchString(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		some, err := List(annotations[name])
		if err != nil {
			return nil, []string{name}, err
		}
		for _, value := range some {
			values, keys = append(values, value), append(keys, name)
		}
	}
	return values, keys, nil
}
