package pacmatch

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// session is what is known while an event is matched. The event is changed on the way.
type session struct {
	in    *Input
	event *Event
	repo  *v1alpha1.Repository
	notes []string
	// hidden are the names of the params whose value comes from a Secret.
	hidden map[string]bool
	// globErr is the error of a pattern in an expression.
	globErr error
	// work bounds what is done.
	work *pac.Work
	// env is the environment of the last expression, and envParams its params.
	env       *celenv.MatcherEnv
	envParams []string
}

// note adds a note once.
func (s *session) note(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); !slices.Contains(s.notes, n) {
		s.notes = append(s.notes, n)
	}
}

// files returns the changed files. Bitbucket Cloud has none.
func (s *session) files() Files {
	if s.event.Provider == "bitbucket-cloud" {
		return Files{}
	}
	return s.in.Files
}

// fileLists returns the lists of changed files as expressions see them.
func (f Files) lists() map[string]any {
	return map[string]any{"all": f.All, "added": f.Added, "deleted": f.Deleted, "modified": f.Modified, "renamed": f.Renamed}
}

// unique returns the files without duplicates.
func (f Files) unique() Files {
	return Files{unique(f.All), unique(f.Added), unique(f.Deleted), unique(f.Modified), unique(f.Renamed)}
}

func unique(names []string) []string {
	out, seen := make([]string, 0, len(names)), map[string]bool{}
	for _, n := range names {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// standard returns the variables of the event.
func (s *session) standard() map[string]string {
	e := s.event
	url := e.URL
	if e.CloneURL != "" {
		url = e.CloneURL
	}
	tag := ""
	if rest, ok := strings.CutPrefix(e.BaseBranch, tags); ok {
		tag = rest
	}
	eventType := e.EventType
	if isCommand(eventType) && eventType != typeOnComment {
		eventType = "pull_request"
	}
	return map[string]string{
		"revision":            e.SHA,
		"repo_url":            url,
		"repo_owner":          strings.ToLower(e.Organization),
		"repo_name":           strings.ToLower(e.Repository),
		"target_branch":       short(e.BaseBranch),
		"source_branch":       short(e.HeadBranch),
		"git_tag":             tag,
		"source_url":          e.HeadURL,
		"sender":              strings.ToLower(e.Sender),
		"target_namespace":    s.repo.Namespace,
		"event_type":          eventType,
		"trigger_comment":     strings.ReplaceAll(strings.ReplaceAll(e.TriggerComment, "\r\n", `\n`), "\n", `\n`),
		"pull_request_labels": strings.Join(e.Labels, `\n`),
	}
}

// short returns a branch without the prefix of refs.
func short(branch string) string {
	if rest, ok := strings.CutPrefix(branch, heads); ok {
		return rest
	}
	return strings.TrimPrefix(branch, "refs-heads-")
}

// params returns the variables of the event and the params of the Repository that have a
// value. After an error, there are only the params before the one that fails, or nothing.
func (s *session) params() (map[string]string, error) {
	std := s.standard()
	arguments := argumentsOf(s.event.TriggerComment)
	for k, v := range arguments {
		if _, ok := std[k]; ok {
			std[k] = v
		}
	}
	if s.repo.Spec.Params == nil {
		return s.incoming(std), nil
	}
	out, filtered := map[string]string{}, map[string]bool{}
	for _, p := range s.repo.Spec.Params {
		if p.Name == "" {
			continue
		}
		if p.Filter != "" {
			if filtered[p.Name] {
				continue
			}
			value, err := celenv.EvalTemplate(p.Filter, celenv.Data{
				Body: s.event.Body, Pac: std, Files: s.files().unique().lists(), Budget: s.work.Expressions,
			})
			if err != nil {
				return map[string]string{}, fmt.Errorf("the filter of param %q: %w", p.Name, err)
			}
			if holds, ok := value.Bool(); !ok || !holds {
				continue
			}
			filtered[p.Name] = true
		}
		_, isStandard := std[p.Name]
		_, isArgument := arguments[p.Name]
		switch {
		case p.Value != "":
			out[p.Name] = p.Value
			delete(s.hidden, p.Name)
		case isArgument && !isStandard:
			out[p.Name] = ""
		case p.SecretRef != nil:
			value, err := s.secret(*p.SecretRef)
			if err != nil {
				return out, fmt.Errorf("param %q: %w", p.Name, err)
			}
			out[p.Name] = value
			s.hidden[p.Name] = true
		}
	}
	for k, v := range std {
		if _, ok := out[k]; !ok && v != "" {
			out[k] = v
		}
	}
	for k, v := range arguments {
		if _, ok := out[k]; ok && v != "" {
			out[k] = v
		}
	}
	return s.incoming(out), nil
}

// secret returns the value of a key of a Secret: "" for a key that it does not have.
func (s *session) secret(k v1alpha1.Secret) (string, error) {
	if s.in.Secrets == nil {
		s.note("the values of Secrets are not known; %s is used instead", printable.Hidden)
		return printable.Hidden, nil
	}
	prefix := s.repo.Namespace + "/" + k.Name + "/"
	if v, ok := s.in.Secrets[prefix+k.Key]; ok {
		return v, nil
	}
	for name := range s.in.Secrets {
		if strings.HasPrefix(name, prefix) {
			return "", nil
		}
	}
	return "", fmt.Errorf("there is no Secret %q in namespace %q", k.Name, s.repo.Namespace)
}

// incoming adds the params of the payload. Any payload with an object params has them.
func (s *session) incoming(out map[string]string) map[string]string {
	var payload struct {
		Params map[string]any `json:"params"`
	}
	if json.Unmarshal(s.event.Payload, &payload) != nil {
		return out
	}
	for k, v := range payload.Params {
		if text, ok := v.(string); ok {
			out[k] = text
		}
	}
	return out
}

// matcherParams returns the params that expressions of annotations can use.
func (s *session) matcherParams() map[string]string {
	out := map[string]string{}
	if s.repo.Spec.Params == nil {
		return out
	}
	all, err := s.params()
	if err != nil {
		s.note("the params of the Repository have an error, so that no expression can use them: %v", err)
		return out
	}
	for _, p := range s.repo.Spec.Params {
		if v, ok := all[p.Name]; ok {
			out[p.Name] = v
		}
	}
	return out
}

// values returns what variables in templates are replaced with.
func (s *session) values() pac.Values {
	all, err := s.params()
	if err != nil {
		s.note("the params of the Repository have an error, so that variables remain in the text: %v", err)
	}
	v := pac.Values{
		Standard: map[string]string{}, Params: maps.Clone(all), NoParams: true,
		Body: s.event.Body, Headers: map[string]string{}, Files: s.files().unique().lists(), Work: s.work,
	}
	if n := s.event.PullRequest; n != 0 {
		v.Standard["pull_request_number"] = strconv.Itoa(n)
	}
	for k, h := range s.event.Headers {
		if len(h) > 0 {
			v.Headers[k] = h[0]
		}
	}
	return v
}
