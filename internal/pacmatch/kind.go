package pacmatch

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/pac"
)

// A Kind is a kind of event that starts runs.
type Kind uint8

// The kinds of events.
const (
	Push        Kind = iota // to a branch
	Tag                     // a push of a tag
	PullRequest             // opened, with new commits, or with a new label
	Command                 // a comment such as /test, without the name of a run
	Comment                 // a comment that on-comment matches
	Incoming                // the incoming webhook
)

// Kinds are all kinds of events.
var Kinds = []Kind{Push, Tag, PullRequest, Command, Comment, Incoming}

// OfPayload are the kinds of events that have payloads of their own.
var OfPayload = []Kind{Push, Tag, PullRequest, Command}

// String returns the kind with an article.
func (k Kind) String() string {
	return [...]string{"a push", "a tag", "a pull request", "a comment such as /test", "a comment", "the incoming webhook"}[k]
}

// Providers are the names of the git providers.
var Providers = []string{"github", "gitlab", "gitea", "bitbucket-cloud", "bitbucket-datacenter"}

// Starts returns the kinds of events of a provider that are known to start a run with some
// annotations. Left out are those about which the annotations are not sure, and what can
// start any run: its name in a comment or in a request of the incoming webhook.
func Starts(annotations map[string]string, provider string) []Kind {
	for _, key := range []string{pac.OnCELExpression, pac.OnComment, pac.OnEvent, pac.OnTargetBranch, pac.OnLabel, pac.OnPathChange, pac.OnPathChangeIgnore} {
		if strings.Contains(annotations[key], "{{") {
			return nil // it is known when the event happens
		}
	}
	var out []Kind
	if pattern, ok := annotations[pac.OnComment]; ok {
		re, err := regexp.Compile(pattern)
		if err == nil && re.MatchString("") {
			return nil // a mistake
		}
		if err == nil && !strings.HasPrefix(provider, "bitbucket-") {
			out = append(out, Comment)
		}
	}
	expr, ok := annotations[pac.OnCELExpression]
	switch {
	case !ok:
		out = append(out, listedKinds(annotations, provider)...)
	default:
		out = append(out, expressionKinds(expr, provider)...)
	}
	slices.Sort(out)
	return out
}

// listedKinds returns the kinds for the annotations that are lists.
func listedKinds(annotations map[string]string, provider string) []Kind {
	events, err := pac.List(annotations[pac.OnEvent])
	if err != nil {
		return nil
	}
	branches, err := pac.List(annotations[pac.OnTargetBranch])
	if err != nil {
		return nil
	}
	branch, tag := false, false
	for _, b := range branches {
		switch isTag := strings.HasPrefix(b, tags); {
		case b == "" || CheckGlob(b) != nil:
			return nil
		case isTag:
			tag = true
		case strings.ContainsAny(b, " \t"): // no branch has blanks
		case !strings.HasPrefix(b, "refs/") || strings.HasPrefix(b, heads):
			branch = true
		}
	}
	for _, key := range []string{pac.OnPathChange, pac.OnPathChangeIgnore, pac.OnLabel} {
		value, ok := annotations[key]
		if !ok {
			continue
		}
		values, err := pac.List(value)
		if err != nil || key != pac.OnPathChange && slices.ContainsFunc(values, func(s string) bool { return strings.Trim(s, "*") == "" }) {
			return nil
		}
		if key == pac.OnPathChange && provider == "bitbucket-cloud" {
			return nil // it does not know the changed files
		}
	}
	_, labeled := annotations[pac.OnLabel]
	if labeled && strings.HasPrefix(provider, "bitbucket-") {
		return nil
	}
	is := func(event string) bool { return slices.Contains(events, event) }
	var out []Kind
	for kind, starts := range map[Kind]bool{
		Push:        is("push") && branch && !labeled,
		Tag:         is("push") && tag && !labeled,
		PullRequest: is("pull_request") && branch,
		Command:     is("pull_request") && branch && (!labeled || provider == "github"), // others do not tell the labels
		Incoming:    is("incoming") && branch && !labeled,
	} {
		if starts {
			out = append(out, kind)
		}
	}
	return out
}

// expressionKinds returns the kinds for which an expression is known to be true.
func expressionKinds(expr, provider string) []Kind {
	m, err := celenv.Matcher(expr)
	if err != nil || !m.IsCondition() || provider == "bitbucket-cloud" && (m.Calls("pathChanged") || m.Mentions("files")) {
		return nil
	}
	var out []Kind
	for _, kind := range []Kind{Push, Tag, PullRequest, Command, Incoming} {
		if kind == Incoming && !slices.Contains(m.Compared("event_type"), "incoming") {
			continue // it is not what the run is for
		}
		if celenv.Passes(expr, &sample{kind, provider, m}) {
			out = append(out, kind)
		}
	}
	return out
}

// sample describes the events of a kind to an expression. It implements [celenv.Event].
type sample struct {
	kind       Kind
	provider   string
	expression *celenv.MatcherExpression
}

// At implements [celenv.Event].
func (s *sample) At(path string) celenv.Known {
	name, inside, isInside := strings.Cut(path, ".")
	switch {
	case name == "body" && isInside:
		return s.inBody(path, inside)
	case name == "files" && isInside, path == "target_url", path == "source_url":
		return celenv.Known{Kind: celenv.Any}
	case path == "event_title" && s.provider != "bitbucket-datacenter" && s.kind != Command: // which have none
		return celenv.Known{Kind: celenv.Any}
	case path == "event":
		if s.isPull() {
			return options("pull_request")
		}
		return options("push")
	case path == "event_type" && (s.kind != Command || s.provider != "bitbucket-datacenter"):
		return options(s.types()...)
	case path == "target_branch", path == "source_branch":
		return s.branch(false)
	}
	return celenv.Known{}
}

func options(values ...string) celenv.Known {
	return celenv.Known{Kind: celenv.OneOf, Options: values}
}

func (s *sample) isPull() bool { return s.kind == PullRequest || s.kind == Command }

// types are the values of event_type.
func (s *sample) types() []string {
	switch {
	case s.kind == Command:
		return []string{typeTestAll, typeRetestAll, typeOkToTest}
	case s.kind == Incoming:
		return []string{"incoming"}
	case s.provider == "gitlab" && s.kind == Tag:
		return []string{"Tag Push"}
	case s.provider == "gitlab" && s.kind == PullRequest:
		return []string{"Merge Request", typeLabeled}
	case s.kind == PullRequest && strings.HasPrefix(s.provider, "bitbucket-"):
		return []string{"pull_request"}
	case s.kind == PullRequest:
		return []string{"pull_request", typeLabeled}
	}
	return []string{"push"}
}

// branch returns what is known about a branch, or about the ref of a push. An expression
// that contains refs/heads/ gets the branch of a push with it, and others without.
func (s *sample) branch(isRef bool) celenv.Known {
	texts := s.expression.Texts()
	mentionsTags := slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, "refs/") })
	if s.kind != Tag && !mentionsTags && !isRef {
		return celenv.Known{Kind: celenv.Any}
	}
	prefix := ""
	switch {
	case s.kind == Tag:
		prefix = tags
	case s.kind == Push && (isRef || s.expression.HasFullBranch() && s.provider != "bitbucket-cloud"):
		prefix = heads
	}
	var out []string
	for _, t := range append([]string{"main", "v1.2.3", "1.2.3", "v1", "feature/a"}, texts...) {
		if rest, ok := strings.CutPrefix(t, prefix); ok {
			t = rest
		}
		if !strings.HasPrefix(t, "refs/") && t != "" {
			out = append(out, prefix+t)
		}
	}
	return options(out...)
}

// inBody returns what is known about a value of the payload.
func (s *sample) inBody(path, inside string) celenv.Known {
	switch {
	case Lacks(s.provider, s.kind, path):
		return celenv.Known{Kind: celenv.Missing}
	case inside == "action":
		switch s.kind {
		case PullRequest:
			return options("opened", "synchronize", "synchronized", "reopened", "ready_for_review", "labeled", "label_updated")
		case Command:
			return options("created")
		case Push, Tag, Comment, Incoming:
		}
		return celenv.Known{}
	case path == "body.object_attributes.action":
		if s.kind == PullRequest {
			return options("open", "reopen", "update")
		}
		return celenv.Known{}
	case inside == "ref":
		return s.branch(true)
	case strings.HasSuffix(inside, ".merged"), inside == "deleted":
		return options("false")
	}
	return celenv.Known{Kind: celenv.Any}
}

// Has implements [celenv.Event]. A value that may be there is known neither to be there nor
// not to be there.
func (s *sample) Has(path string) (always, never bool) {
	if !strings.HasPrefix(path, "body.") {
		return true, true
	}
	lacks := Lacks(s.provider, s.kind, path)
	return !lacks, lacks
}

// Overlay implements [celenv.Event].
func (s *sample) Overlay(string) (expression, inside string, ok bool) { return "", "", false }

// payloads are the types of the payloads, by provider and kind.
var payloads = map[string][]string{
	"github":               {"github.PushEvent", "github.PushEvent", "github.PullRequestEvent", "github.IssueCommentEvent", "github.IssueCommentEvent"},
	"gitlab":               {"gitlab.PushEvent", "gitlab.TagEvent", "gitlab.MergeEvent", "gitlab.MergeCommentEvent", "gitlab.MergeCommentEvent"},
	"gitea":                {"gitea.PushPayload", "gitea.PushPayload", "gitea.PullRequestPayload", "gitea.IssueCommentPayload", "gitea.IssueCommentPayload"},
	"bitbucket-cloud":      {"cloud.PushRequestEvent", "cloud.PushRequestEvent", "cloud.PullRequestEvent", "cloud.PullRequestEvent", "cloud.PullRequestEvent"},
	"bitbucket-datacenter": {"datacenter.PushRequestEvent", "datacenter.PushRequestEvent", "datacenter.PullRequestEvent", "datacenter.PullRequestEvent", "datacenter.PullRequestEvent"},
}

// Lacks reports whether the payloads of a kind of events have no value at a path such as
// body.pull_request.number. A value that only some of them have is not lacking.
func Lacks(provider string, kind Kind, path string) bool {
	rest, ok := strings.CutPrefix(path, "body.")
	if !ok {
		return false
	}
	if kind == Incoming {
		return rest != "params" && !strings.HasPrefix(rest, "params.")
	}
	all := payloads[provider]
	return all != nil && !hasField("@"+all[kind], strings.Split(rest, "."))
}

// Knows reports whether some payload of a provider has a value at a path such as
// body.pull_request.number.
func Knows(provider, path string) bool {
	return slices.ContainsFunc(Kinds, func(k Kind) bool { return k != Incoming && !Lacks(provider, k, path) })
}

// hasField reports whether a value of a type may have a value at a path. An element of a
// list may have its index behind the name of the list.
func hasField(kind string, path []string) bool {
	for _, name := range path {
		kind = strings.TrimLeft(kind, "*[")
		switch kind[0] {
		case '@':
		case '{':
			return true
		default:
			return kind == "any"
		}
		name, _, _ = strings.Cut(name, "[")
		fields := shapes()[kind[1:]]
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
		switch {
		case i >= 0:
			kind = fields[i].kind
		case kind == "@gitea.User" && name == "username":
			kind = "string"
		default:
			return false
		}
	}
	return true
}

// Empty reports whether a variable of templates has no value for any event of a kind.
func Empty(provider string, kind Kind, variable string) bool {
	switch variable {
	case "pull_request_number":
		return kind == Push || kind == Tag || kind == Incoming
	case "git_tag":
		return kind != Tag && kind != Incoming // whose branch may be a tag
	case "trigger_comment":
		return kind != Comment && kind != Command
	case "pull_request_labels":
		return kind != PullRequest && (kind != Command && kind != Comment || provider != "github") || strings.HasPrefix(provider, "bitbucket-")
	case "source_url":
		return kind == Incoming
	}
	return false
}
