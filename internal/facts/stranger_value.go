package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
)

// StrangerValue is a param of a template whose value a stranger determines.
type StrangerValue struct {
	Param string // of the template
	Path  string // in the event: body.pull_request.title
	What  string // for sentences: the title of the pull request
	Spot  Spot   // of the value in a binding
	// Text reports whether the stranger writes the value.
	Text bool
	// Commit reports whether it selects commits of the stranger: a hash, a branch or
	// the URL of a fork.
	Commit bool
	// Number reports whether it is the number of a pull request, which selects commits
	// of the stranger in refs/pull/NUMBER/head.
	Number bool
}

// eventPart is a part of an event whose value strangers determine.
type eventPart struct {
	what                 string
	text, commit, number bool
}

// eventParts are the paths whose values strangers determine. Some that look like it are left
// out. The branch of a check_suite is null for the commit of a fork, and the pull_requests of
// a check or a workflow run are only those from branches of the repository. Members add pull
// requests to a merge_group, whose head_ref GitHub makes. What a program writes into the
// output of a check, or into a status, is not known.
var eventParts = map[string]eventPart{
	"body.pull_request.title":                    {what: "the title of the pull request", text: true},
	"body.pull_request.body":                     {what: "the description of the pull request", text: true},
	"body.pull_request.head.ref":                 {what: "the branch of the pull request", text: true, commit: true},
	"body.pull_request.head.label":               {what: "the branch of the pull request", text: true, commit: true},
	"body.pull_request.head.sha":                 {what: "the commit of the pull request", commit: true},
	"body.pull_request.merge_commit_sha":         {what: "the merge commit of the pull request", commit: true},
	"body.pull_request.head.repo.clone_url":      {what: "the URL of the fork", commit: true},
	"body.pull_request.head.repo.ssh_url":        {what: "the URL of the fork", commit: true},
	"body.pull_request.head.repo.git_url":        {what: "the URL of the fork", commit: true},
	"body.pull_request.head.repo.html_url":       {what: "the URL of the fork", commit: true},
	"body.pull_request.head.repo.full_name":      {what: "the name of the fork", commit: true},
	"body.pull_request.head.repo.description":    {what: "the description of the fork", text: true},
	"body.pull_request.head.repo.homepage":       {what: "the homepage of the fork", text: true},
	"body.pull_request.head.repo.default_branch": {what: "the default branch of the fork", text: true, commit: true},
	"body.pull_request.number":                   {what: "the number of the pull request", number: true},
	"body.number":                                {what: "the number of the pull request", number: true},
	"body.after":                                 {what: "the commit of the pull request", commit: true},
	"body.issue.number":                          {what: "the number of the pull request", number: true},
	"body.issue.title":                           {what: "the title of the issue", text: true},
	"body.issue.body":                            {what: "the text of the issue", text: true},
	"body.issue.description":                     {what: "the text of the issue", text: true},
	"body.changes.title.from":                    {what: "the title before the change", text: true},
	"body.changes.body.from":                     {what: "the text before the change", text: true},
	"body.comment.body":                          {what: "the comment", text: true},
	"body.comment.content.raw":                   {what: "the comment", text: true},
	"body.comment.text":                          {what: "the comment", text: true},
	"body.comment.diff_hunk":                     {what: "the changes of the pull request", text: true},
	"body.review.body":                           {what: "the text of the review", text: true},
	"body.review.content":                        {what: "the text of the review", text: true}, // Gitea
	"body.sender.full_name":                      {what: "the full name of the user", text: true},
	"body.pull_request.user.full_name":           {what: "the full name of the author", text: true},
	"body.issue.user.full_name":                  {what: "the full name of the author", text: true},
	"body.comment.user.full_name":                {what: "the full name of the author", text: true},
	"extensions.changed_files":                   {what: "the names of the changed files", text: true},
	"body.discussion.title":                      {what: "the title of the discussion", text: true},
	"body.discussion.body":                       {what: "the text of the discussion", text: true},

	"body.workflow_run.head_sha":                    {what: "the commit of the workflow run", commit: true},
	"body.workflow_run.head_commit.id":              {what: "the commit of the workflow run", commit: true},
	"body.workflow_run.head_commit.message":         {what: "the message of the commit", text: true},
	"body.workflow_run.head_commit.author.name":     {what: "the name of the author of the commit", text: true},
	"body.workflow_run.head_commit.author.email":    {what: "the email of the author of the commit", text: true},
	"body.workflow_run.head_commit.committer.name":  {what: "the name of the committer", text: true},
	"body.workflow_run.head_repository.description": {what: "the description of the fork", text: true},
	"body.workflow_run.head_branch":                 {what: "the branch of the workflow run", text: true, commit: true},
	"body.workflow_run.display_title":               {what: "the title of the workflow run", text: true},
	"body.workflow_run.head_repository.full_name":   {what: "the name of the fork", commit: true},
	"body.workflow_run.head_repository.html_url":    {what: "the URL of the fork", commit: true},
	"body.check_suite.head_sha":                     {what: "the commit of the check suite", commit: true},
	"body.check_suite.after":                        {what: "the commit of the check suite", commit: true},
	"body.check_suite.head_commit.id":               {what: "the commit of the check suite", commit: true},
	"body.check_suite.head_commit.message":          {what: "the message of the commit", text: true},
	"body.check_suite.head_commit.author.name":      {what: "the name of the author of the commit", text: true},
	"body.check_suite.head_commit.author.email":     {what: "the email of the author of the commit", text: true},
	"body.check_suite.head_commit.committer.name":   {what: "the name of the committer", text: true},
	"body.check_run.head_sha":                       {what: "the commit of the check run", commit: true},
	"body.check_run.check_suite.head_sha":           {what: "the commit of the check run", commit: true},
	"body.check_run.check_suite.after":              {what: "the commit of the check run", commit: true},
	"body.sha":                                      {what: "the commit of the status", commit: true},
	"body.commit.sha":                               {what: "the commit of the status", commit: true},
	"body.commit.commit.message":                    {what: "the message of the commit", text: true},
	"body.commit.commit.author.name":                {what: "the name of the author of the commit", text: true},
	"body.commit.commit.author.email":               {what: "the email of the author of the commit", text: true},

	"body.object_attributes.iid":                 {what: "the number of the merge request", number: true},
	"body.merge_request.iid":                     {what: "the number of the merge request", number: true},
	"body.object_attributes.title":               {what: "the title", text: true},
	"body.object_attributes.description":         {what: "the description", text: true},
	"body.object_attributes.note":                {what: "the comment", text: true},
	"body.object_attributes.source_branch":       {what: "the branch of the merge request", text: true, commit: true},
	"body.object_attributes.last_commit.id":      {what: "the commit of the merge request", commit: true},
	"body.object_attributes.last_commit.message": {what: "the message of the commit", text: true},
	"body.object_attributes.last_commit.title":   {what: "the title of the commit", text: true},
	"body.object_attributes.source.git_http_url": {what: "the URL of the fork", commit: true},
	"body.object_attributes.source.git_ssh_url":  {what: "the URL of the fork", commit: true},
	"body.object_attributes.source.http_url":     {what: "the URL of the fork", commit: true},
	"body.object_attributes.source.ssh_url":      {what: "the URL of the fork", commit: true},
	"body.object_attributes.source.url":          {what: "the URL of the fork", commit: true},
	"body.merge_request.title":                   {what: "the title of the merge request", text: true},
	"body.merge_request.description":             {what: "the description of the merge request", text: true},
	"body.merge_request.source_branch":           {what: "the branch of the merge request", text: true, commit: true},
	"body.merge_request.last_commit.id":          {what: "the commit of the merge request", commit: true},
	"body.merge_request.last_commit.message":     {what: "the message of the commit", text: true},
	"body.user.name":                             {what: "the full name of the user", text: true},

	"body.pullrequest.title":                             {what: "the title of the pull request", text: true},
	"body.pullrequest.description":                       {what: "the description of the pull request", text: true},
	"body.pullrequest.summary.raw":                       {what: "the description of the pull request", text: true},
	"body.pullrequest.source.branch.name":                {what: "the branch of the pull request", text: true, commit: true},
	"body.pullrequest.source.commit.hash":                {what: "the commit of the pull request", commit: true},
	"body.pullrequest.source.repository.full_name":       {what: "the name of the fork", commit: true},
	"body.pullrequest.source.repository.links.html.href": {what: "the URL of the fork", commit: true},
	"body.pullrequest.author.nickname":                   {what: "the nickname of the author", text: true},
	"body.pullrequest.author.display_name":               {what: "the name of the author", text: true},
	"body.actor.nickname":                                {what: "the nickname of the user", text: true},
	"body.actor.display_name":                            {what: "the name of the user", text: true},

	"body.pullRequest.id":                      {what: "the number of the pull request", number: true},
	"body.pullRequest.title":                   {what: "the title of the pull request", text: true},
	"body.pullRequest.description":             {what: "the description of the pull request", text: true},
	"body.pullRequest.fromRef.displayId":       {what: "the branch of the pull request", text: true, commit: true},
	"body.pullRequest.fromRef.id":              {what: "the branch of the pull request", text: true, commit: true},
	"body.pullRequest.fromRef.latestCommit":    {what: "the commit of the pull request", commit: true},
	"body.pullRequest.author.user.displayName": {what: "the name of the author", text: true},
	"body.actor.displayName":                   {what: "the name of the user", text: true},
}

// StrangerValues returns the params of the template of the trigger whose values
// strangers determine, whether or not strangers can start it. A text that a filter
// limits to values or to a pattern is left out.
func (t *Trigger) StrangerValues() []StrangerValue {
	t.Spot.Entry.set.asked(Events)
	if t.valuesDone {
		return t.values
	}
	t.valuesDone = true
	chain := t.Chain()
	if users := t.Users(); len(users) > 0 {
		chain = slices.Concat(users[0].chain(), chain)
	}
	types, _ := eventTypes(chain)
	params, _ := t.Supply()
	for _, p := range params {
		for _, x := range p.Takes() {
			if x.Err != nil || x.Open || !x.Path.Whole {
				continue
			}
			from := strings.Join(x.Path.Fields, ".")
			overlay, _, _ := overlayOf(chain, strings.TrimPrefix(from, "extensions."))
			request := requestRef(p.Value[:x.Start]) || strings.HasPrefix(from, "extensions.") && requestRef(overlay)
			o := overlays{chain: chain, open: map[string]bool{}, seen: map[string]bool{}}
			paths := o.textsAt(from)
			if o.full {
				t.Spot.Entry.LeaveOut("a param of "+t.Label+" is made of too many overlays; not all of them have been checked for values of strangers", "use fewer overlays")
			}
			for _, path := range paths {
				part, ok := eventParts[path]
				if !ok || !hasPath(types, path) || limited(chain, types, path) {
					continue
				}
				t.values = append(t.values, StrangerValue{p.Name, path, part.what, p.Spot.Of(x.Text), part.text, part.commit || part.number && request, part.number})
			}
		}
	}
	return t.values
}

// limited reports whether filters let pass only some values of a path.
func limited(chain []*Interceptor, types []string, path string) bool {
	if types == nil {
		types = []string{""}
	}
	passes := func(text string) bool {
		return slices.ContainsFunc(types, func(event string) bool { return passesAll(event, text, chain) })
	}
	if path == "body.after" {
		types = []string{"pull_request"}
		return !passes(path)
	}
	return !passes(path) && passes("")
}

// hasPath reports whether one of the events may have the path; nil stands for any.
func hasPath(types []string, path string) bool {
	if path == "body.after" { // of a pull request when there are new commits, and of a push
		return slices.Contains(types, "pull_request")
	}
	if !followed(path, "") {
		return true
	}
	if types == nil { // other senders may have a hash at the paths of a status
		return !followed(path, "status")
	}
	return slices.ContainsFunc(types, func(event string) bool { return followed(path, event) })
}

// requestRef reports whether a text has the start of the name of a ref with the commits
// of pull requests: refs/pull/1/head, merge-requests/1/head.
func requestRef(text string) bool {
	return strings.Contains(text, "pull/") || strings.Contains(text, "refs/pull") || strings.Contains(text, "merge-requests") || strings.Contains(text, "pull-requests")
}

// maxOverlays limits the overlays that are followed for one value. Their number could
// double with each that uses the one before it twice.
const maxOverlays = 32

// overlays follows the values of overlays to what of the event they are made of.
type overlays struct {
	chain []*Interceptor
	open  map[string]bool // the expressions that are followed: one may use itself
	seen  map[string]bool // the paths
	full  bool            // not all have been followed
}

// textsAt returns the paths of the event whose texts are part of the value at a path. A
// value at a path of extensions is that of an overlay, and may use others.
func (o *overlays) textsAt(path string) []string {
	key, ok := strings.CutPrefix(path, "extensions.")
	if !ok || key == "changed_files" {
		return []string{path}
	}
	overlay, inside, known := overlayOf(o.chain, key)
	if !known || o.open[overlay] || o.seen[path] {
		return nil
	}
	if len(o.seen) >= maxOverlays {
		o.full = true
		return nil
	}
	o.seen[path], o.open[overlay] = true, true
	defer delete(o.open, overlay)
	var out []string
	r := celenv.Read(overlay)
	texts, longest := r.Texts, ""
	for name, entry := range r.Entries { // one has a part of the path
		if strings.HasPrefix(inside+".", name+".") && len(name) > len(longest) {
			texts, longest = entry, name
		}
	}
	inside = inside[len(longest):]
	for _, text := range texts {
		out = append(out, o.textsAt(text+inside)...)
	}
	return out
}
