package pac

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/internal/naming"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// Objects returns the objects of the runs. It implements manifest.Source.
func (r Runs) Objects() ([]object.Object, error) {
	objects, found := r.lower(nil)
	return objects, found.Err()
}

// ObjectsIn is like Objects, for package manifest, and returns warnings as well.
func (r Runs) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	objects, found := r.lower(m)
	if len(found) == 0 {
		return objects, nil
	}
	return objects, found
}

func (r Runs) lower(m *memo.Memo) (objects []object.Object, found diag.Findings) {
	if r.r == nil {
		return nil, nil
	}
	for _, run := range r.r.runs {
		some, wrong := run.lower(m)
		objects, found = append(objects, some...), append(found, wrong...)
	}
	return objects, found
}

// repositoryLowering converts a Repository to its struct.
type repositoryLowering struct {
	about diag.ObjectRef
	found diag.Findings
}

func (l *repositoryLowering) fail(at callsite.Place, code, message, help string) {
	l.found = append(l.found, finding(at, l.about, code, message, help))
}

func (r *Repository) lower() (object.Object, diag.Findings) {
	l := &repositoryLowering{about: diag.ObjectRef{APIVersion: v1alpha1.GroupVersion.String(), Kind: "Repository"}}
	if r == nil || r.owner.ID == 0 {
		l.fail(nil, "pac-repository-invalid", "the Repository is nil or empty", "create it with NewRepository")
		return object.Object{}, l.found
	}
	places := &callsite.Places{}
	o := &v1alpha1.Repository{}
	o.TypeMeta, o.ObjectMeta = r.meta()
	l.about.Name = o.Name
	o.Spec.URL = handle.Strip(r.url)
	if r.limited.at != nil {
		n := r.limited.value
		o.Spec.ConcurrencyLimit = &n
		places.Set(diag.Fields("spec", "concurrency_limit"), r.limited.at)
	}
	if r.provider.at != nil {
		o.Spec.GitProvider = r.provider.value.DeepCopy()
		places.Set(diag.Fields("spec", "git_provider"), r.provider.at)
	}
	for _, p := range r.params {
		places.Set(diag.Fields("spec").FieldIndex("params", len(o.Spec.Params)), p.at)
		o.Spec.Params = append(o.Spec.Params, p.value)
		l.param(p.at, p.value)
	}
	for _, i := range r.incoming {
		places.Set(diag.Fields("spec").FieldIndex("incoming", len(o.Spec.Incomings)), i.at)
		o.Spec.Incomings = append(o.Spec.Incomings, i.value)
	}
	o.Spec.Settings = r.settings.value.DeepCopy()
	places.Set(diag.Fields("spec", "settings"), r.settings.at)
	o = o.DeepCopy() // what Mutate gets is not that of the description
	l.found = append(l.found, r.mutate.Apply(o, l.about)...)
	l.validate(r.at, places, o)
	return object.Object{Object: o, Locate: places.Locate(r.at)}, l.found
}

// taken are the beginnings of names that Pipelines-as-Code evaluates as CEL, and so never as
// a param.
var taken = []string{"body", "headers", "files", "cel:"}

// param reports a param that does not work.
func (l *repositoryLowering) param(at callsite.Place, p v1alpha1.Param) {
	_, known := variables[p.Name]
	switch {
	case !handle.Plain(p.Name + p.Value + p.Filter):
		l.fail(at, "handle-misplaced", "param "+quoted(p.Name)+" of the Repository contains a handle", "write it as plain text")
	case !identifier.MatchString(p.Name) || len(p.Name) < 2:
		l.fail(at, "name-invalid", "param "+quoted(p.Name)+" of the Repository has a name that cannot be used in CEL", "use at least two letters, digits and _, and begin with a letter")
	case known || slices.Contains(celenvNames, p.Name):
		l.fail(at, "name-invalid", "param "+quoted(p.Name)+" of the Repository has the name of a variable of Pipelines-as-Code", "rename it")
	case slices.ContainsFunc(taken, func(prefix string) bool { return strings.HasPrefix(p.Name, prefix) }):
		l.fail(at, "name-invalid", "param "+quoted(p.Name)+" of the Repository begins with body, headers or files, which Pipelines-as-Code evaluates as CEL", "rename it")
	case p.Value != "" && p.SecretRef != nil:
		l.fail(at, "pac-repository-invalid", "param "+quoted(p.Name)+" of the Repository has a value and a Secret, of which the value is used", "remove one")
	case p.Value == "" && p.SecretRef == nil:
		l.fail(at, "pac-repository-invalid", "param "+quoted(p.Name)+" of the Repository has neither a value nor a Secret, so {{ "+p.Name+" }} remains as it is", "set one")
	case p.SecretRef != nil && (p.SecretRef.Name == "" || p.SecretRef.Key == ""):
		l.fail(at, "pac-repository-invalid", "the Secret of param "+quoted(p.Name)+" has no name or no key", "set both: the key has no default")
	}
	if p.Filter != "" {
		l.filter(at, p)
	}
}

// validate reports what the webhook and the CustomResourceDefinition reject, and what never
// works.
func (l *repositoryLowering) validate(at callsite.Place, places *callsite.Places, o *v1alpha1.Repository) {
	place := func(field string) diag.Position { return places.Find(diag.Fields("spec", field), at) }
	fail := func(field, code, message, help string) {
		l.found = append(l.found, diag.Finding{Code: code, Severity: diag.Error, Object: l.about, Path: diag.Fields("spec", field), Position: place(field), Message: message, Help: help})
	}
	if rule := naming.DNSName(); o.Name == "" || len(rule.Problems(o.Name)) > 0 {
		l.fail(at, "name-invalid", "the name of the Repository is "+quoted(o.Name)+", which is not "+rule.Form, rule.Help)
	}
	s := &o.Spec
	l.url(at, s)
	if n := s.ConcurrencyLimit; n != nil && *n < 1 {
		fail("concurrency_limit", "pac-repository-invalid", "the concurrency limit is "+strconv.Itoa(*n), "use at least 1, or no limit")
	}
	oneOf := func(field, what, value string, allowed ...string) {
		if value != "" && !slices.Contains(allowed, value) {
			fail(field, "pac-repository-invalid", what+" is "+quoted(value), "use one of "+strings.Join(allowed, ", "))
		}
	}
	if p := s.GitProvider; p != nil {
		oneOf("git_provider", "the type of the provider", p.Type, "github", "gitlab", "bitbucket-datacenter", "bitbucket-cloud", "gitea", "forgejo")
		if p.Type == "bitbucket-datacenter" && p.URL == "" {
			fail("git_provider", "pac-repository-invalid", "the provider bitbucket-datacenter has no URL", "set that of its API")
		}
		if p.Type == "bitbucket-cloud" && p.User == "" {
			fail("git_provider", "pac-repository-invalid", "the provider bitbucket-cloud has no user", "set the user of the token")
		}
		for _, secret := range []*v1alpha1.Secret{p.Secret, p.WebhookSecret} {
			if secret != nil && secret.Name == "" {
				fail("git_provider", "pac-repository-invalid", "a Secret of the provider has no name", "set it")
			}
		}
	}
	for _, i := range s.Incomings {
		oneOf("incoming", "the type of an incoming rule", i.Type, webhookURL)
		if i.Secret.Name == "" {
			fail("incoming", "pac-repository-invalid", "an incoming rule has no Secret", "set the name of one with the text that a call must contain")
		}
		if len(i.Targets) == 0 {
			fail("incoming", "pac-repository-invalid", "an incoming rule has no targets, so no call can pass", "add a branch")
		}
		for _, g := range i.Targets {
			if strings.Count(g, "[") != strings.Count(g, "]") || strings.HasSuffix(g, "{") {
				fail("incoming", "pac-repository-invalid", "target "+quoted(g)+" of an incoming rule is not a valid glob", "close the bracket, or list the branches")
			}
		}
	}
	l.validateSettings(oneOf, fail, s.Settings)
}

// url reports a URL that is rejected, or that no event has.
func (l *repositoryLowering) url(at callsite.Place, s *v1alpha1.RepositorySpec) {
	u, err := url.Parse(s.URL)
	switch {
	case s.URL == "":
		l.fail(at, "pac-repository-invalid", "the URL of the Repository is empty", "write that of the repository, such as https://github.com/acme/shop")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		l.fail(at, "pac-repository-invalid", "the URL of the Repository is "+quoted(s.URL)+", which is not an http or https URL", "write it as in a browser")
	case strings.HasSuffix(strings.TrimRight(u.Path, "/"), ".git"):
		l.fail(at, "pac-repository-invalid", "the URL of the Repository ends in .git, which the URL in an event does not", "remove .git")
	case strings.HasSuffix(s.URL, "//"):
		l.fail(at, "pac-repository-invalid", "the URL of the Repository ends in several slashes", "remove them")
	case (u.Host == "github.com" || s.GitProvider != nil && s.GitProvider.Type == "github") && strings.Count(strings.Trim(u.Path, "/"), "/") != 1:
		l.fail(at, "pac-repository-invalid", "the URL of the Repository is "+quoted(s.URL)+", but on GitHub it has an owner and a name", "write https://github.com/OWNER/NAME")
	}
}

// validateSettings reports settings that are rejected.
func (l *repositoryLowering) validateSettings(oneOf func(field, what, value string, allowed ...string), fail func(field, code, message, help string), s *v1alpha1.Settings) {
	if s == nil {
		return
	}
	oneOf("settings", "pipelinerun_provenance", s.PipelineRunProvenance, "source", "default_branch")
	if s.Github != nil {
		oneOf("settings", "the comment strategy of github", s.Github.CommentStrategy, "update", "disable_all")
	}
	if s.Gitlab != nil {
		oneOf("settings", "the comment strategy of gitlab", s.Gitlab.CommentStrategy, "update", "disable_all")
	}
	if s.Forgejo != nil {
		oneOf("settings", "the comment strategy of forgejo", s.Forgejo.CommentStrategy, "update", "disable_all")
	}
	if p := s.GitOpsCommandPrefix; p != "" && strings.ContainsFunc(p, func(r rune) bool { return !isRefSafe(r) || r == '/' || r == '.' || r == '+' }) {
		fail("settings", "pac-repository-invalid", "gitops_command_prefix is "+quoted(p), "use a word of letters, digits, - and _")
	}
	ai := s.AIAnalysis
	if ai == nil {
		return
	}
	oneOf("settings", "the provider of ai", ai.Provider, "openai", "gemini")
	bounds := func(what string, n, most int) {
		if n < 0 || n > most {
			fail("settings", "pac-repository-invalid", what+" of ai is "+strconv.Itoa(n), "use 1 to "+strconv.Itoa(most))
		}
	}
	bounds("timeout_seconds", ai.TimeoutSeconds, 300)
	bounds("max_tokens", ai.MaxTokens, 4000)
	if ai.Provider == "" || ai.TokenSecretRef == nil || len(ai.Roles) == 0 {
		fail("settings", "pac-repository-invalid", "ai lacks a provider, a secret_ref or roles", "set all of them")
	}
	names := map[string]bool{}
	for _, r := range ai.Roles {
		if r.Name == "" || r.Prompt == "" || names[r.Name] {
			fail("settings", "pac-repository-invalid", "role "+quoted(r.Name)+" of ai has no name, no prompt, or the name of another", "give each role a name and a prompt")
		}
		names[r.Name] = true
		oneOf("settings", "the output of role "+quoted(r.Name), r.Output, "pr-comment")
		if c := r.ContextItems; c != nil && c.ContainerLogs != nil {
			bounds("max_lines", c.ContainerLogs.MaxLines, 1000)
		}
	}
}
