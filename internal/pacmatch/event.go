package pacmatch

import (
	"errors"
	"fmt"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// An Event is an event as Pipelines-as-Code represents those of all providers.
type Event struct {
	Provider string // github, gitea, gitlab, bitbucket-cloud or bitbucket-datacenter

	// EventType is the variable event_type of on-cel-expression, and Target its variable
	// event: push, pull_request, pull_request_closed, or "" when a check of a push is run
	// again.
	EventType, Target string

	URL, BaseURL, HeadURL, CloneURL string
	BaseBranch, HeadBranch          string
	DefaultBranch                   string
	SHA, SHATitle, SHAURL           string
	Organization, Repository        string
	Sender                          string
	PullRequest                     int
	PullRequestTitle                string
	Labels                          []string

	TriggerComment string
	TargetRun      string // of /incoming
	TargetTest     string // of /test NAME
	Cancel         bool
	TargetCancel   string

	// Body is the payload as Pipelines-as-Code encodes it: without the fields it does not
	// know, and with the zero values of others. It is nil if there is none.
	Body    map[string]any
	Headers textproto.MIMEHeader
	Payload []byte

	installed     bool // for a GitHub App
	metadataLacks bool // the commits of a new branch of GitLab
}

// Files are the changed files of an event.
type Files struct {
	All, Added, Deleted, Modified, Renamed []string
}

// An Input is everything that determines which runs an event starts, except the folder.
type Input struct {
	Headers map[string][]string
	Payload []byte
	// Path is "/incoming" for the incoming webhook, and Query its deprecated parameters.
	Path  string
	Query url.Values

	// Files are the changed files, which Pipelines-as-Code gets from the provider.
	Files Files
	// PullRequest is the JSON of a pull request in GitHub's API. The events of comments
	// and of checks do not contain it.
	PullRequest []byte
	// SHA is the commit of an incoming event, and CommitMessage the message of the
	// commit.
	SHA, CommitMessage string

	// Repositories are the Repository objects of the cluster, and Global the one whose
	// settings apply to all.
	Repositories []*v1alpha1.Repository
	Global       *v1alpha1.Repository
	// Assumed is the Repository of events for whose URL there is none. Nil means that they
	// are not processed.
	Assumed *v1alpha1.Repository
	// Secrets are the values of the Secrets that params refer to, by namespace, name and
	// key, with slashes. A nil map has every Secret, with masked values.
	Secrets map[string]string
	// Succeeded are the original names of runs that have succeeded for the commit, which
	// /retest and /ok-to-test do not start again.
	Succeeded []string
}

// A Refusal is an error that says why Pipelines-as-Code does not process an event.
type Refusal struct{ reason string }

// Error returns the reason.
func (r *Refusal) Error() string { return r.reason }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

var (
	errNoCommand = &Refusal{"the command in the comment is not at its beginning"}
	errNoBranch  = &Refusal{"the command has a colon, but neither branch: nor tag:"}
)

// providers are the names of the providers, in the order in which Pipelines-as-Code tries
// them.
var providers = []struct {
	name  string
	parse func(*Input, *Event) (mine bool, err error)
}{
	{"github", parseGitHub},
	{"gitea", parseForgejo},
	{"bitbucket-datacenter", parseDataCenter},
	{"gitlab", parseGitLab},
	{"bitbucket-cloud", parseCloud},
}

// Parse returns the event of a webhook. The error is a *[Refusal] if Pipelines-as-Code
// does not process it.
func Parse(in *Input) (*Event, error) {
	headers := textproto.MIMEHeader{}
	for k, v := range in.Headers {
		if len(v) > 0 {
			headers[textproto.CanonicalMIMEHeaderKey(k)] = slices.Clone(v)
		}
	}
	if in.Path == "/incoming" {
		return parseIncoming(in, headers)
	}
	for _, p := range providers {
		e := &Event{Provider: p.name, Headers: headers, Payload: in.Payload}
		mine, err := p.parse(in, e)
		if !mine {
			continue
		}
		if err != nil {
			return nil, err
		}
		return e, nil
	}
	return nil, refuse("no provider sends an event with these headers")
}

// pullRequestOf sets the parts of an event that GitHub's API knows about a pull request.
func pullRequestOf(in *Input, e *Event) error {
	if len(in.PullRequest) == 0 {
		return errors.New("GitHub's event does not contain the pull request; its JSON in GitHub's API is needed")
	}
	pr, err := reshape("github.PullRequest", in.PullRequest)
	if err != nil {
		return fmt.Errorf("the JSON of the pull request: %w", err)
	}
	e.DefaultBranch = text(pr, "base", "repo", "default_branch")
	e.URL = text(pr, "base", "repo", "html_url")
	e.SHA = text(pr, "head", "sha")
	e.SHAURL = text(pr, "html_url") + "/commit/" + e.SHA
	e.PullRequestTitle = text(pr, "title")
	if e.Sender == "" {
		e.Sender = text(pr, "user", "login")
	}
	e.HeadBranch, e.BaseBranch = text(pr, "head", "ref"), text(pr, "base", "ref")
	e.HeadURL, e.BaseURL = text(pr, "head", "repo", "html_url"), text(pr, "base", "repo", "html_url")
	if e.EventType == "" {
		e.EventType = "pull_request"
	}
	for _, l := range list(pr, "labels") {
		e.Labels = append(e.Labels, text(l, "name"))
	}
	return nil
}

// repositoryFor returns the Repository with a URL, nil if there is none.
func (in *Input) repositoryFor(url string) *v1alpha1.Repository {
	if r := repositoryFor(in.Repositories, url, ""); r != nil {
		return r
	}
	return in.Assumed
}

// isZero reports whether a hash is that of no commit.
func isZero(sha string) bool { return sha == strings.Repeat("0", 40) }

// at returns the value at a path in decoded JSON, nil if there is none.
func at(v any, path ...string) any {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

func text(v any, path ...string) string {
	s, _ := at(v, path...).(string)
	return s
}

func list(v any, path ...string) []any {
	l, _ := at(v, path...).([]any)
	return l
}

func number(v any, path ...string) int {
	f, _ := at(v, path...).(float64)
	return int(f)
}

func isSet(v any, path ...string) bool { return at(v, path...) != nil }
