package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/bounded"
	"github.com/tekwright/tekwright/internal/revision"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac"
)

// hookFlags are the flags that describe an event.
type hookFlags struct {
	payload, pullRequest, message, sha, commits string
	headers, changed, params, succeeded         []string
	repositories                                []string
	incoming                                    bool
	query                                       string
	sample                                      sampleFlags
}

// describes reports whether the flags describe an event.
func (h *hookFlags) describes() bool {
	return h.payload != "" || h.incoming || h.sample.event.value != ""
}

// add adds the flags to a command.
func (h *hookFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&h.payload, "payload", "", "JSON `file` with the payload of the webhook, - for standard input")
	f.StringArrayVarP(&h.headers, "header", "H", nil, "`header` of the webhook, such as 'X-GitHub-Event: push'")
	f.StringSliceVar(&h.changed, "changed", nil, "changed `files`, separated by commas")
	f.StringVar(&h.commits, "range", "", "the changed files are those of a `range` of git, such as main...HEAD")
	f.StringArrayVar(&h.repositories, "repository", nil, "YAML `file` with the Repository object")
	f.StringArrayVar(&h.params, "param", nil, "`name=value` of a param of the Repository")
	f.StringVar(&h.pullRequest, "pull-request", "", "JSON `file` with the pull request as in GitHub's API, for comments and checks")
	f.StringVar(&h.message, "message", "", "`message` of the commit")
	f.StringVar(&h.sha, "sha", "", "`commit` of an incoming webhook")
	f.StringSliceVar(&h.succeeded, "succeeded", nil, "`names` of runs that /retest does not start again")
	f.BoolVar(&h.incoming, "incoming", false, "the request is a call of /incoming")
	f.StringVar(&h.query, "query", "", "`parameters` of a call of /incoming, such as 'repository=app&branch=main'")
	h.sample.add(cmd)
	for _, name := range []string{"payload", "pull-request"} {
		_ = cmd.MarkFlagFilename(name, "json")
	}
	_ = cmd.MarkFlagFilename("repository", "yaml", "yml")
	for _, name := range []string{"param", "message", "sha", "succeeded", "query", "range", "changed", "header"} {
		complete(cmd, name, cobra.NoFileCompletions)
	}
}

// hook returns the webhook that the flags describe.
func (a *app) hook(ctx context.Context, h *hookFlags, dir string) (pac.Webhook, error) {
	hook := pac.Webhook{Headers: map[string][]string{}, SHA: h.sha, CommitMessage: h.message, Succeeded: h.succeeded}
	if h.incoming {
		hook.Path = "/incoming"
	}
	var err error
	if hook.Objects, err = h.objects(); err != nil {
		return hook, err
	}
	if hook.Query, err = url.ParseQuery(h.query); err != nil {
		return hook, fmt.Errorf("--query: %w", err)
	}
	if hook.Payload, err = contents(h.payload, a.In); err != nil {
		return hook, err
	}
	if hook.PullRequest, err = contents(h.pullRequest, a.In); err != nil {
		return hook, err
	}
	for _, header := range h.headers {
		name, value, ok := strings.Cut(header, ":")
		if !ok {
			return hook, fmt.Errorf("the header %q has no colon\n  help: write it as in -H 'X-GitHub-Event: push'", header)
		}
		name = strings.TrimSpace(name)
		hook.Headers[name] = append(hook.Headers[name], strings.TrimSpace(value))
	}
	if h.sample.event.value != "" {
		if h.payload != "" || h.incoming || len(h.headers) > 0 {
			return hook, errors.New("--event cannot be combined with --payload, --header and --incoming\n  help: use --event for an event with the usual payload, and the others for one that was sent")
		}
		sample, err := h.sample.hook(hook.Objects)
		if err != nil {
			return hook, err
		}
		hook.Headers, hook.Payload = sample.Headers, sample.Payload
		if hook.PullRequest == nil {
			hook.PullRequest = sample.PullRequest
		}
	}
	hook.Changed.All, hook.Changed.Modified = h.changed, h.changed
	if h.commits != "" {
		if len(h.changed) > 0 {
			return hook, errors.New("--changed and --range both say which files are changed\n  help: use one of them")
		}
		r, err := revision.Open(ctx, dir)
		if err != nil {
			return hook, err
		}
		c, err := r.Changed(ctx, h.commits)
		if err != nil {
			return hook, err
		}
		hook.Changed = pac.ChangedFiles(c)
	}
	return hook, nil
}

// changedFiles sets the changed files of a push, if its payload has them, and no flag does.
func (a *app) changedFiles(h *hookFlags, hook *pac.Webhook) error {
	if len(h.changed) > 0 || h.commits != "" || h.sample.event.value != "" {
		return nil
	}
	files, known := pac.PushedFiles(hook.Payload)
	if !known {
		return nil
	}
	hook.Changed = files
	return a.complain("note: the changed files are those of the last commit in the payload; --changed and --range give others")
}

// contents reads a file, or the reader if its name is -.
func contents(name string, in io.Reader) (text []byte, err error) {
	const most = 64 << 20
	switch name {
	case "":
		return nil, nil
	case "-":
		text, err = bounded.ReadAll(in, most)
	default:
		text, err = readSmall(name, most)
	}
	if _, named := errors.AsType[*fs.PathError](err); err != nil && !named {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return text, err
}

// objects returns the Repositories, with the params of the flags. Secrets are left out, so
// that their values are masked.
func (h *hookFlags) objects() ([]object.Object, error) {
	var out []object.Object
	for _, name := range h.repositories {
		text, err := contents(name, nil)
		if err != nil {
			return nil, err
		}
		objects, findings := manifest.Parse(text, name)
		n := len(out)
		for _, o := range objects {
			if o.Ref().Kind == "Repository" {
				out = append(out, o)
			}
		}
		if len(out) == n {
			if err := findings.Err(); err != nil {
				return nil, err
			}
			return nil, fmt.Errorf("%s contains no Repository", name)
		}
	}
	if len(h.params) == 0 {
		return out, nil
	}
	if len(out) == 0 {
		return nil, errors.New("--param needs a Repository\n  help: add --repository with a file that contains its url")
	}
	for _, p := range h.params {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("the param %q is not of the form name=value", p)
		}
		for i, o := range out {
			u, ok := o.Object.(*unstructured.Unstructured)
			if !ok {
				continue
			}
			u = u.DeepCopy()
			params, _, _ := unstructured.NestedSlice(u.Object, "spec", "params")
			if err := unstructured.SetNestedSlice(u.Object, append(params, map[string]any{"name": name, "value": value}), "spec", "params"); err != nil {
				return nil, fmt.Errorf("%s: %w", o.Ref(), err)
			}
			o.Object = u
			out[i] = o
		}
	}
	return out, nil
}
