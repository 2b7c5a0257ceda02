package triggers

import (
	"regexp"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/glob"
)

// This file tells users apart. Names are for display: on Bitbucket Cloud, nicknames
// and display names are not unique, and neither is the full name that old versions of
// GitLab send. A name that is unique may be given up and be taken by somebody else.
// Ids are never used again.

// author is the user of an event as CEL expressions.
type author struct {
	name     string // of the user name, if no two users can have the same; otherwise ""
	nameless string // why name is ""
	id       string // of the id, or of the account on Bitbucket Cloud
	numeric  bool   // the id is a number
}

// hubAuthor returns the user at a path of GitHub's or Gitea's payload.
func hubAuthor(user string) author {
	return author{name: user + ".login", id: user + ".id", numeric: true}
}

// serverAuthor returns the user at a path of Bitbucket Server's payload.
func serverAuthor(user string) author {
	return author{name: user + ".name", id: user + ".id", numeric: true}
}

// gitlabAuthor returns the user who pushed to GitLab.
func gitlabAuthor() author {
	return author{name: "body.user_username", id: "body.user_id", numeric: true}
}

// gitlabName is the name of the user who pushed to GitLab, for display: old versions
// send only the full name.
const gitlabName = "(has(body.user_username) ? body.user_username : body.user_name)"

// bitbucketAuthor returns the account at a path of Bitbucket Cloud's payload.
func bitbucketAuthor(account string) author {
	return author{id: account, nameless: "nicknames and display names on Bitbucket Cloud are not unique, and users can change theirs"}
}

// bitbucketName returns the name of a Bitbucket Cloud account, for display. Apps and
// access tokens only have a display name.
func bitbucketName(account string) string {
	return "(has(" + account + ".nickname) ? " + account + ".nickname : " + account + ".display_name)"
}

var (
	numericID = regexp.MustCompile(`^[1-9][0-9]{0,14}$`) // a JSON number is exact up to 2^53
	accountID = regexp.MustCompile(`^(\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}|[0-9a-zA-Z]{24}|[0-9]+:[0-9a-zA-Z-]+)$`)
)

// identified returns the condition that the user has one of the ids.
func (a author) identified(ids []string) string {
	if a.numeric {
		if len(ids) == 1 {
			return a.id + " == " + ids[0]
		}
		return a.id + " in [" + strings.Join(ids, ", ") + "]"
	}
	var accounts, uuids []string
	for _, id := range ids {
		if strings.HasPrefix(id, "{") {
			uuids = append(uuids, id)
		} else {
			accounts = append(accounts, id)
		}
	}
	var any []string
	for _, x := range []struct {
		key string
		ids []string
	}{{".uuid", uuids}, {".account_id", accounts}} {
		if c := quote.Match(a.id+x.key, "", x.ids); c != "" {
			any = append(any, c)
		}
	}
	return glob.Any(any)
}

// byID returns the condition of AuthorIDs, "" if there is none, and the mistakes.
func (t *Trigger) byID(fail func(at callsite.Place, code, message, help string)) string {
	ids, a := t.authorIDs, t.event.author
	for _, f := range ids.faults {
		fail(f.at, f.code, f.message, f.help)
	}
	form, help := accountID, `pass the uuid, such as "{a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3}", or the account_id of the user`
	if a.numeric {
		form, help = numericID, `pass the number that the sender's API returns as the id of the user, such as "583231"`
	}
	switch {
	case len(ids.names) == 0:
		return ""
	case a.id == "":
		fail(ids.at, "filter-invalid", "AuthorIDs cannot filter "+t.event.kind+", whose author field is not known", `use Filter instead, for example: "body.user.id == 42"`)
		return ""
	}
	for _, id := range ids.names {
		if !form.MatchString(id) {
			fail(ids.at, "filter-invalid", quoted(id)+" is not an id of the author of "+t.event.kind, help)
			return ""
		}
	}
	return a.identified(ids.names)
}

// byName returns the condition of Authors, "" if there is none, and the mistakes.
func (t *Trigger) byName(fail func(at callsite.Place, code, message, help string)) string {
	names, a := t.authors, t.event.author
	for _, f := range names.faults {
		fail(f.at, f.code, f.message, f.help)
	}
	for _, name := range names.names {
		if strings.ContainsAny(name, "*?") {
			fail(names.at, "filter-invalid", quoted(name)+" is a pattern, but Authors compares whole user names", "list the names of the users, or write the condition in a Filter")
			return ""
		}
	}
	switch {
	case len(names.names) == 0:
	case a.name != "":
		return quote.Match(a.name, "", names.names)
	case a.id == "":
		fail(names.at, "filter-invalid", "Authors cannot filter "+t.event.kind+", whose author field is not known", `use Filter instead, for example: "body.user.id == 42"`)
	default:
		fail(names.at, "filter-invalid", "the author of "+t.event.kind+" cannot be selected by name: "+a.nameless, "pass the id of the user to AuthorIDs")
	}
	return ""
}
