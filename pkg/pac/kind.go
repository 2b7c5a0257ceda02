package pac

import "strings"

// kind is a set of kinds of events.
type kind uint

const (
	pullRequest kind = 1 << iota
	push
	tag
	comment
	incoming
	custom // a CEL expression, which any event may match
)

const anyKind = pullRequest | push | tag | comment | incoming | custom

var kindNames = []struct {
	kind kind
	name string
}{
	{pullRequest, "a pull request"}, {push, "a push"}, {tag, "a tag"}, {comment, "a comment"}, {incoming, "an incoming call"},
	{custom, "a CEL expression"},
}

// String returns the kinds for a message: "a push or a tag".
func (k kind) String() string {
	var names []string
	for _, n := range kindNames {
		if k&n.kind != 0 {
			names = append(names, n.name)
		}
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// charset is what the value of a variable may contain.
type charset int

const (
	safe charset = iota // no character with a meaning in YAML, JSON or Tekton's variables
	ref                 // what git allows in the name of a branch: quotes, braces and $( too
	free                // any text
)

// variable is a value of an event.
type variable struct {
	cel   string // in the CEL of templates; "" for the variable itself
	chars charset
	kinds kind // of events that have the value
}

// variables are the values by the name in their handle.
var variables = map[string]variable{
	"revision":            {"", safe, anyKind},
	"short_revision":      {"revision.substring(0, 7)", safe, anyKind},
	"repo_url":            {"", safe, anyKind},
	"repo_owner":          {"", safe, anyKind},
	"repo_name":           {"", safe, anyKind},
	"source_url":          {"", safe, anyKind &^ incoming},
	"source_branch":       {"source_branch", ref, anyKind},
	"target_branch":       {"target_branch", ref, anyKind &^ tag},
	"git_tag":             {"git_tag", ref, tag | custom},
	"sender":              {"sender", free, anyKind},
	"event_type":          {"", safe, anyKind},
	"target_namespace":    {"", safe, anyKind},
	"trigger_comment":     {"trigger_comment", free, pullRequest | comment | custom},
	"pull_request_number": {"pull_request_number", safe, pullRequest | comment | custom},
	"pull_request_labels": {"pull_request_labels", free, pullRequest | comment | custom},
	"git_auth_secret":     {"", safe, anyKind},
	"files.all":           {`files.all.join(",")`, free, pullRequest | push | comment | custom},
	"files.added":         {`files.added.join(",")`, free, pullRequest | push | comment | custom},
	"files.modified":      {`files.modified.join(",")`, free, pullRequest | push | comment | custom},
	"files.deleted":       {`files.deleted.join(",")`, free, pullRequest | push | comment | custom},
	"files.renamed":       {`files.renamed.join(",")`, free, pullRequest | push | comment | custom},
}
