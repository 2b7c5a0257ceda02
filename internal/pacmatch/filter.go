package pacmatch

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
)

// FilterFails returns the kinds of events of a provider for which the filter of a param is
// known to have an error: it reads what their payloads do not have, although all other
// values that it reads are there. The result other reports that the filter reads what no
// payload of the provider has.
func FilterFails(filter, provider string) (kinds []Kind, other bool) {
	paths := inFilter.FindAllString(filter, -1)
	if slices.ContainsFunc(paths, func(path string) bool { return !Knows(provider, path) }) {
		return nil, true
	}
	for _, kind := range OfPayload {
		if !slices.ContainsFunc(paths, func(path string) bool { return Lacks(provider, kind, path) }) {
			continue
		}
		data := celenv.Data{
			Body: bodyOf("@"+payloads[provider][kind], filter, 12).(map[string]any), Files: Files{}.lists(), Pac: map[string]string{
				"revision": strings.Repeat("a", 40), "repo_url": "https://example.com/acme/app", "repo_owner": "acme", "repo_name": "app",
				"source_url": "https://example.com/acme/app", "sender": "dev", "target_namespace": "ci",
				"target_branch": "main", "source_branch": "feature", "event_type": "pull_request", "git_tag": "",
				"trigger_comment": "", "pull_request_labels": "",
			},
		}
		switch kind {
		case Push:
			data.Pac["event_type"], data.Pac["source_branch"] = "push", "main"
		case Tag:
			data.Pac["event_type"], data.Pac["target_branch"], data.Pac["git_tag"] = "push", "refs/tags/v1", "v1"
			if provider == "gitlab" {
				data.Pac["event_type"] = "Tag Push"
			}
			data.Pac["source_branch"] = "refs/tags/v1"
		case PullRequest:
			if provider == "gitlab" {
				data.Pac["event_type"] = "Merge Request"
			}
		case Command:
			data.Pac["trigger_comment"] = "/test"
		case Comment, Incoming:
		}
		if _, err := celenv.EvalTemplate(filter, data); err != nil && strings.Contains(err.Error(), "no such key") {
			kinds = append(kinds, kind)
		}
	}
	return kinds, false
}

// inFilter matches the paths of the payload in a filter.
var inFilter = regexp.MustCompile(`\bbody(\.[A-Za-z_]\w*)+`)

// bodyOf returns a value of a type with all fields whose names are in a text, down to a
// depth.
func bodyOf(kind, names string, depth int) any {
	switch kind = strings.TrimLeft(kind, "*"); kind[0] {
	case '@':
		out := map[string]any{}
		if depth == 0 {
			return out
		}
		for _, f := range shapes()[kind[1:]] {
			if strings.Contains(names, f.name) {
				out[f.name] = bodyOf(f.kind, names, depth-1)
			}
		}
		if kind == "@gitea.User" {
			out["username"] = ""
		}
		return out
	case '[':
		return []any{}
	case '{':
		return map[string]any{}
	}
	switch kind {
	case "bool", "lax":
		return false
	case "int", "int32", "int64":
		return float64(0)
	case "any":
		return map[string]any{}
	}
	return ""
}
