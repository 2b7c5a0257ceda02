package pacmatch

import (
	"encoding/json"
	"net/textproto"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// incomingPayload is the payload of the incoming webhook.
type incomingPayload struct {
	Repository  string         `json:"repository"`
	Namespace   string         `json:"namespace"`
	Branch      string         `json:"branch"`
	PipelineRun string         `json:"pipelinerun"`
	Secret      string         `json:"secret"`
	Params      map[string]any `json:"params"`
}

// missing returns the name of a field that the payload lacks.
func (p *incomingPayload) missing() string {
	for _, f := range [][2]string{{"repository", p.Repository}, {"branch", p.Branch}, {"pipelinerun", p.PipelineRun}, {"secret", p.Secret}} {
		if f[1] == "" {
			return f[0]
		}
	}
	return ""
}

// parseIncoming parses a request of the incoming webhook. It does not compare the secret.
func parseIncoming(in *Input, headers textproto.MIMEHeader) (*Event, error) {
	p := incomingPayload{
		Repository: in.Query.Get("repository"), Namespace: in.Query.Get("namespace"), Branch: in.Query.Get("branch"),
		PipelineRun: in.Query.Get("pipelinerun"), Secret: in.Query.Get("secret"),
	}
	isJSON := headers.Get("Content-Type") == "application/json"
	if p.missing() != "" && isJSON && len(in.Payload) > 0 {
		p = incomingPayload{}
		if err := json.Unmarshal(in.Payload, &p); err != nil {
			return nil, refuse("the payload is not valid JSON: %v", err)
		}
	}
	if name := p.missing(); name != "" {
		return nil, refuse("the request has no %s", name)
	}
	var found []*v1alpha1.Repository
	for _, r := range in.Repositories {
		if r.Name == p.Repository && (p.Namespace == "" || r.Namespace == p.Namespace) {
			found = append(found, r)
		}
	}
	switch {
	case len(found) == 0:
		return nil, refuse("there is no Repository %q", p.Repository)
	case len(found) > 1:
		return nil, refuse("there are several Repositories %q, and the request has no namespace", p.Repository)
	}
	repo := found[0]
	if repo.Spec.Incomings == nil {
		return nil, refuse("Repository %q has no rules for incoming webhooks", p.Repository)
	}
	rule := ruleFor(p.Branch, repo.Spec.Incomings)
	if rule == nil {
		return nil, refuse("no incoming rule of Repository %q has a target that matches branch %q", p.Repository, p.Branch)
	}
	e := &Event{
		Provider: "github", Headers: headers, Payload: in.Payload,
		EventType: "incoming", Target: "push", TargetRun: p.PipelineRun,
		HeadBranch: p.Branch, BaseBranch: p.Branch, URL: repo.Spec.URL, Sender: "incoming",
		SHA: in.SHA, installed: true,
	}
	if g := repo.Spec.GitProvider; g != nil && g.Type != "" {
		e.Provider, e.installed = g.Type, false
		if g.Type == "forgejo" {
			e.Provider = "gitea"
		}
	}
	if len(in.Payload) > 0 {
		if !isJSON {
			return nil, refuse("the request has a body, but not the content type application/json")
		}
		var params struct {
			Params map[string]any `json:"params"`
		}
		if err := json.Unmarshal(in.Payload, &params); err != nil {
			return nil, refuse("the payload is not valid JSON: %v", err)
		}
		names := make([]string, 0, len(params.Params))
		for name := range params.Params {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if !slices.Contains(rule.Params, name) {
				return nil, refuse("the incoming rule does not allow the param %q", name)
			}
		}
		e.Body = map[string]any{"params": nil}
		if params.Params != nil {
			e.Body["params"] = params.Params
		}
	}
	u, err := url.Parse(repo.Spec.URL)
	if err != nil {
		return nil, refuse("the URL of the Repository is not valid: %v", err)
	}
	parts := strings.Split(u.Path, "/")
	if len(parts) < 3 {
		return nil, refuse("the URL of the Repository has no owner and name")
	}
	e.Organization, e.Repository = path.Join(parts[:len(parts)-1]...), parts[len(parts)-1]
	return e, nil
}

// ruleFor returns the first rule with a target that matches a branch. Targets that are not
// valid are skipped.
func ruleFor(branch string, rules []v1alpha1.Incoming) *v1alpha1.Incoming {
	for i := range rules {
		for _, target := range rules[i].Targets {
			if ok, err := matches(target, branch); err == nil && ok {
				return &rules[i]
			}
		}
	}
	return nil
}
