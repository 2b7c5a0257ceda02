package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/pac"
)

// pac returns the command pac.
func (a *app) pac() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pac",
		Short: "Show what Pipelines-as-Code does with a .tekton folder",
		Long: `Pac shows what Pipelines-as-Code does with the .tekton folder of a repository, without a
cluster, a provider or the network. It says which runs an event starts, and prints them
as they are created. To check such a folder, use tekwright check.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.pacEvent(), a.pacResolve())
	return cmd
}

// tekton opens the .tekton folder of a directory, and the directory it is in.
func tekton(args []string) (dir string, folder, checkout *os.Root, err error) {
	dir = "."
	if len(args) > 0 {
		dir = filepath.Clean(args[0]) // with a slash at the end, Lstat follows a link
	}
	if info, err := os.Stat(filepath.Join(dir, ".tekton")); err == nil && info.IsDir() {
		dir = filepath.Join(dir, ".tekton")
	}
	// Pipelines-as-Code reads a folder of the commit. A link may lead anywhere.
	if info, err := os.Lstat(dir); err == nil && info.Mode()&fs.ModeSymlink != 0 && filepath.Base(dir) == ".tekton" {
		return "", nil, nil, fmt.Errorf("%s is a symbolic link, which Pipelines-as-Code does not follow", dir)
	}
	if folder, err = os.OpenRoot(dir); err != nil {
		return "", nil, nil, err
	}
	if checkout, err = os.OpenRoot(filepath.Join(dir, "..")); err != nil {
		_ = folder.Close()
		return "", nil, nil, err
	}
	return dir, folder, checkout, nil
}

// decided returns the outcome of the event that the flags describe.
func (a *app) decided(ctx context.Context, h *hookFlags, args []string) (string, *pac.Outcome, error) {
	dir, folder, checkout, err := tekton(args)
	if err != nil {
		return "", nil, err
	}
	defer folder.Close()
	defer checkout.Close()
	hook, err := a.hook(ctx, h, dir)
	if err == nil {
		err = a.changedFiles(h, &hook)
	}
	if err != nil {
		return "", nil, err
	}
	hook.Checkout = checkout.FS()
	out, err := pac.Matches(folder.FS(), hook)
	if err != nil {
		if len(hook.PullRequest) == 0 && strings.Contains(err.Error(), "does not contain the pull request") {
			err = fmt.Errorf("%w\n  help: add --pull-request with the answer of https://api.github.com/repos/OWNER/NAME/pulls/NUMBER", err)
		}
		return "", nil, err
	}
	return dir, out, nil
}

// pacEvent returns the command pac event.
func (a *app) pacEvent() *cobra.Command {
	h := &hookFlags{}
	format := choice{value: "text", allowed: []string{"text", "json"}}
	cmd := &cobra.Command{
		Use:   "event [DIR]",
		Short: "Show which runs of a .tekton folder an event starts",
		Long: `Event shows which runs of a .tekton folder Pipelines-as-Code starts on an event, and for
each other run the first check that failed, with the values that were compared. It also
shows the variables of the event and the params of the Repository. Values from Secrets
are not shown.

The event is one that --event describes, or the payload of a webhook of GitHub, GitLab,
Forgejo, Gitea, Bitbucket Cloud or Bitbucket Data Center. With --event, the payload has
the usual fields: an expression that uses others, such as body.pull_request.body, needs
a real one.

The folder must be that of the commit of the event. Pipelines-as-Code asks the provider
which files the event changes; give them with --changed or --range. Without these, those of the
last commit in the payload of a push are used. Comments and checks of GitHub also need
--pull-request. The sender is assumed to be allowed to start runs.

Without --repository, a Repository without params is assumed, in the namespace that the
runs have.`,
		Example: `  tekwright pac event --event push --branch main --changed cmd/main.go
  tekwright pac event --event pull_request --range main...HEAD
  tekwright pac event --payload push.json -H 'X-GitHub-Event: push' --range HEAD~1..HEAD
  tekwright pac event --payload mr.json -H 'X-Gitlab-Event: Merge Request Hook' --changed go.mod
  tekwright pac event --incoming --query 'repository=app&branch=main&pipelinerun=nightly&secret=x' \
    --repository repository.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !h.describes() {
				return errors.New("there is no event\n  help: add --event push, or --payload with a file that contains the JSON of a webhook")
			}
			dir, out, err := a.decided(cmd.Context(), h, args)
			if err != nil {
				return err
			}
			hide(out)
			if format.value == "json" {
				return printable.WriteJSON(a.Out, pacJSON(dir, out), true)
			}
			return printable.Fprintf(a.Out, "%s\n", outcomeText(dir, out))
		},
	}
	h.add(cmd)
	format.flag(cmd, "output", "o", "output `format`: "+alternatives(format.allowed))
	return cmd
}

// hide takes values of Secrets, and what looks like a password, out of an outcome.
func hide(out *pac.Outcome) {
	known := map[string]bool{}
	for i := range out.Variables {
		v := &out.Variables[i]
		shown := secrets.Addresses(v.Value)
		switch {
		case v.Secret:
			shown = printable.Hidden
		case secrets.Named(v.Name, false) && secrets.Valued(v.Name, v.Value):
			known[v.Value] = true
			shown = printable.Hidden
		}
		v.Value = shown
	}
	mask := secrets.NewMask(slices.Collect(maps.Keys(known)))
	text := func(s *string) { *s = secrets.Addresses(mask.Text(*s, false)) }
	text(&out.Ended)
	text(&out.Stopped)
	for i := range out.Runs {
		text(&out.Runs[i].Reason)
		for j := range out.Runs[i].Unknown {
			text(&out.Runs[i].Unknown[j])
		}
	}
	for i := range out.Notes {
		text(&out.Notes[i])
	}
}

// place returns a position in the folder as text.
func place(dir string, p diag.Position) string {
	if p.File == "" {
		return ""
	}
	name := filepath.Join(dir, filepath.FromSlash(p.File))
	if p.Line > 0 {
		name += ":" + strconv.Itoa(p.Line)
	}
	return name
}

// outcomeText returns an outcome as text, without the end of the last line.
func outcomeText(dir string, out *pac.Outcome) printable.Safe {
	var b strings.Builder
	line := func(format string, args ...any) { b.WriteString(printable.Sprintf(format, args...) + "\n") }
	if e := out.Event; e != nil {
		what := e.Event
		if e.EventType != e.Event {
			what += " (" + e.EventType + ")"
		}
		from := ""
		if e.SourceBranch != e.TargetBranch {
			from = " from " + e.SourceBranch
		}
		line("%s: %s to %s%s", e.Provider, what, e.TargetBranch, from)
	}
	if out.Repository != "" {
		line("Repository %s", out.Repository)
	}
	switch {
	case out.Ended != "":
		line("no run starts: %s", out.Ended)
		if strings.HasPrefix(out.Ended, "no provider sends an event with these headers") {
			line("  help: add -H 'X-GitHub-Event: push', or the header with which your provider names the event")
		}
	case out.Stopped != "":
		line("no run starts, because of a mistake in the folder:")
		if at := place(dir, out.StoppedAt); at != "" {
			line("  %s", at)
		}
		line("  %s", out.Stopped)
	}
	started := 0
	for _, r := range out.Runs {
		word := "not started"
		if r.Started {
			started++
			word = "started"
		}
		if r.Reason == "" {
			continue
		}
		line("")
		line("%s: %s  %s", r.Name, word, place(dir, r.Position))
		line("  %s", r.Reason)
		for _, u := range r.Unknown {
			line("  %s cannot be read without a network", u)
		}
	}
	if len(out.Variables) > 0 {
		line("")
		line("variables and params:")
		for _, v := range out.Variables {
			line("  %s: %q", v.Name, v.Value)
		}
	}
	for _, n := range out.Notes {
		line("note: %s", n)
	}
	if len(out.Runs) > 0 {
		line("")
		line("%d of %d runs start", started, len(out.Runs))
	}
	return printable.Text(strings.TrimSuffix(b.String(), "\n"))
}

// The JSON of an outcome.
type (
	jsonOutcome struct {
		Event      *jsonEvent        `json:"event,omitempty"`
		Repository string            `json:"repository,omitempty"`
		Ended      string            `json:"ended,omitempty"`
		Stopped    string            `json:"stopped,omitempty"`
		StoppedAt  string            `json:"stoppedAt,omitempty"`
		Runs       []jsonRun         `json:"runs"`
		Variables  map[string]string `json:"variables"`
		Notes      []string          `json:"notes,omitempty"`
	}
	jsonEvent struct {
		Provider     string   `json:"provider"`
		Event        string   `json:"event"`
		EventType    string   `json:"eventType"`
		TargetBranch string   `json:"targetBranch"`
		SourceBranch string   `json:"sourceBranch"`
		Labels       []string `json:"labels,omitempty"`
		Comment      string   `json:"comment,omitempty"`
	}
	jsonRun struct {
		Name      string   `json:"name"`
		Position  string   `json:"position"`
		Started   bool     `json:"started"`
		Check     string   `json:"check,omitempty"`
		Reason    string   `json:"reason,omitempty"`
		Namespace string   `json:"namespace,omitempty"`
		Unknown   []string `json:"unknown,omitempty"`
	}
)

func pacJSON(dir string, out *pac.Outcome) jsonOutcome {
	j := jsonOutcome{
		Repository: out.Repository, Ended: out.Ended, Stopped: out.Stopped, StoppedAt: place(dir, out.StoppedAt),
		Runs: []jsonRun{}, Variables: map[string]string{}, Notes: out.Notes,
	}
	if e := out.Event; e != nil {
		j.Event = &jsonEvent{e.Provider, e.Event, e.EventType, e.TargetBranch, e.SourceBranch, e.Labels, e.Comment}
	}
	for _, r := range out.Runs {
		j.Runs = append(j.Runs, jsonRun{r.Name, place(dir, r.Position), r.Started, r.Check, r.Reason, r.Namespace, r.Unknown})
	}
	for _, v := range out.Variables {
		j.Variables[v.Name] = v.Value
	}
	return j
}

// pacResolve returns the command pac resolve.
func (a *app) pacResolve() *cobra.Command {
	h := &hookFlags{}
	cmd := &cobra.Command{
		Use:   "resolve [DIR]",
		Short: "Print the runs of a .tekton folder as Pipelines-as-Code creates them",
		Long: `Resolve prints the runs that an event starts as YAML, as Pipelines-as-Code creates them:
variables are replaced, and the Tasks and Pipelines of the folder are part of the runs.
The flags for the event are those of tekwright pac event.

Without an event, it prints all runs of the folder. Each --param then sets a variable
or a param; others remain in the text.

Values from Secrets are ***. The name of the Secret with the git credentials ends
with xxxxxx instead of random letters. The labels and annotations about the event are
left out. Remote tasks and pipelines are read if they are files of the repository.`,
		Example: `  tekwright pac resolve --param revision=main
  tekwright pac resolve --payload push.json -H 'X-GitHub-Event: push' --changed go.mod`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.resolve(cmd.Context(), h, args) },
	}
	h.add(cmd)
	return cmd
}

// resolve prints the runs as they are created.
func (a *app) resolve(ctx context.Context, h *hookFlags, args []string) error {
	var out *pac.Outcome
	var dir string
	var err error
	if !h.describes() {
		var folder, checkout *os.Root
		if dir, folder, checkout, err = tekton(args); err != nil {
			return err
		}
		defer folder.Close()
		defer checkout.Close()
		values := map[string]string{}
		for _, p := range h.params {
			name, value, ok := strings.Cut(p, "=")
			if !ok || name == "" {
				return fmt.Errorf("the param %q is not of the form name=value", p)
			}
			values[name] = value
		}
		out, err = pac.Resolve(folder.FS(), checkout.FS(), values)
	} else {
		dir, out, err = a.decided(ctx, h, args)
	}
	if err != nil {
		return err
	}
	for _, n := range out.Notes {
		if err := a.complain("note: " + n); err != nil {
			return err
		}
	}
	switch {
	case out.Stopped != "":
		return fmt.Errorf("no run starts: %s %s", place(dir, out.StoppedAt), out.Stopped)
	case out.Ended != "":
		return fmt.Errorf("no run starts: %s", out.Ended)
	}
	for _, r := range out.Runs {
		for _, u := range r.Unknown {
			if err := a.complain(u + " of run " + r.Name + " cannot be read without a network, and is left out"); err != nil {
				return err
			}
		}
	}
	text, err := out.YAML()
	if err != nil {
		return err
	}
	if len(text) == 0 {
		return a.complain("no run starts; tekwright pac event shows why")
	}
	return printable.Fprintf(a.Out, "%s\n", printable.Text(strings.TrimSuffix(string(text), "\n")))
}
