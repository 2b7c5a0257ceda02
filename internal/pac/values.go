package pac

import "maps"

// Values is what the variables of a text are replaced with.
type Values struct {
	// Standard are the variables of the event by name, also those that are empty, such as
	// git_tag. A name that is missing is not replaced: pull_request_number of a push.
	Standard map[string]string
	// Params are the params of the Repository that have a value for the event, and those
	// that the sender of an incoming webhook or a comment sets. They win over Standard.
	Params map[string]string
	// NoParams means that the Repository has no params at all. Only then is an empty
	// variable replaced with the empty string; otherwise it is left as it is written.
	NoParams bool
	// Body is the payload of the webhook, nil if there is none.
	Body map[string]any
	// Headers are the first values of the headers, by their canonical names; nil if there
	// are none.
	Headers map[string]string
	// Files are the lists of changed files: all, added, deleted, modified and renamed.
	Files map[string]any
	// Work bounds what is inserted. Nil is no bound.
	Work *Work
}

// The names of variables that are treated differently from others.
const (
	number = "pull_request_number"
	secret = "git_auth_secret"
)

// Dictionary returns the values of the variables that are replaced, by name.
func (v Values) Dictionary() map[string]string {
	all := make(map[string]string, len(v.Standard)+len(v.Params))
	for name, value := range v.Standard {
		if value != "" || v.NoParams {
			all[name] = value
		}
	}
	maps.Copy(all, v.Params)
	if n := v.Standard[number]; n != "" {
		all[number] = n // no param replaces it
	} else if _, ok := v.Params[number]; !ok {
		delete(all, number)
	}
	return all
}

// Standard are the names of the variables of every event. All but git_auth_secret are
// replaced before the documents are decoded.
var Standard = []string{
	"revision", "repo_url", "repo_owner", "repo_name", "target_branch", "source_branch", "git_tag", "source_url",
	"sender", "event_type", "target_namespace", "trigger_comment", "pull_request_labels", number, secret,
}
