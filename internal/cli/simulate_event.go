package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http" //nolint:depguard // the type of headers
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
)

// EventSimulation is what an EventSimulator shows.
type EventSimulation struct {
	Source   manifest.Source
	Hook     pac.Webhook // the request, and what Pipelines-as-Code knows
	Listener string      // its name, or empty
	Token    string      // the value of each Secret, or empty if it is not known
	Folder   fs.FS       // nil if there is none
	Dir      string      // the name of the folder
	Profile  check.Profile
	Follow   bool   // simulate what starts
	Format   string // text or json
}

// EventSimulator writes what an event starts, and reports whether something starts.
type EventSimulator func(EventSimulation, io.Writer) (starts bool, err error)

// simulatingEvent is one invocation of tekwright simulate event.
type simulatingEvent struct {
	*app
	configured
	hookFlags
	EventSimulation
	exclude                     []string
	headerFile, tokens, profile string
	format                      choice
}

// simulateEvent returns the command simulate event.
func (a *app) simulateEvent() *cobra.Command {
	c := &simulatingEvent{app: a, format: choice{"text", []string{"text", "json"}}}
	cmd := &cobra.Command{
		Use:   "event {PATH | -}...",
		Short: "Show what an event starts, and why not",
		Long: `Event shows what the request of a webhook starts: for each trigger of each EventListener,
whether it starts a run, and otherwise which interceptor stopped the event, with the values
that it looked at. For each param, it shows the value and where it comes from. If a PATH
has a .tekton folder, it shows which of its runs Pipelines-as-Code starts, as tekwright
pac event does.

The code of Tekton's interceptors and templates decides, in this process and without a
network. An EventListener's signature is checked if --token-file contains the value of the
Secret. Otherwise a valid signature is assumed. With --event, the request is signed with the
token. For Pipelines-as-Code, the signature is not checked. Interceptors that are not part of
Tekton are assumed to let the event pass. Secret values are not shown.

The request is a payload with headers, or one that --event describes. A file of --headers
has a line for each header, as in a recorded request; lines after an empty line are the
payload, if there is no --payload.

With --follow, it also shows what Tekton would do with each run that starts, as tekwright
simulate does.

Exit status:
  0  something starts
  1  nothing starts
  2  there is nothing to simulate`,
		Example: `  tekwright simulate event tekton/ --payload push.json -H 'X-GitHub-Event: push'
  tekwright simulate event tekton/ --event pull_request --listener github --follow
  tekwright simulate event . --headers request.http --token-file token.txt -o json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	if a.SimulateEvent == nil {
		a.delegated(cmd, "event")
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&c.Listener, "listener", "", "`name` of an EventListener; NAMESPACE/NAME is possible")
	f.StringVar(&c.headerFile, "headers", "", "`file` with the headers of the webhook, one per line")
	f.StringVar(&c.tokens, "token-file", "", "`file` with the value of the webhook's Secret, to check signatures")
	f.BoolVar(&c.Follow, "follow", false, "simulate the runs that start")
	f.StringVar(&c.profile, "profile", "", "`name` or file of a profile of the cluster")
	c.format.flag(cmd, "output", "o", "format: text or json")
	f.StringArrayVar(&c.exclude, "exclude", nil, "`glob` of files and directories to exclude; can be repeated")
	c.configured.flags(cmd)
	c.add(cmd)
	_ = cmd.MarkFlagFilename("headers")
	_ = cmd.MarkFlagFilename("token-file")
	complete(cmd, "listener", cobra.NoFileCompletions)
	return cmd
}

func (c *simulatingEvent) run(ctx context.Context, args []string) error {
	if err := c.readHeaders(); err != nil {
		return err
	}
	if !c.describes() {
		return errors.New("there is no event\n  help: add --event push, or --payload with a file that contains the JSON of a webhook")
	}
	var err error
	if c.Source, c.Profile, err = c.simulated(ctx, args, &c.configured, c.exclude, c.profile); err != nil {
		return err
	}
	dir := args[0]
	if found, err := folderIn(args); err != nil {
		return err
	} else if found != "" {
		var folder, checkout *os.Root
		if dir, folder, checkout, err = tekton([]string{found}); err != nil {
			return err
		}
		defer folder.Close()
		defer checkout.Close()
		c.Folder, c.Dir, c.Hook.Checkout = folder.FS(), dir, checkout.FS()
	}
	hook, err := c.hook(ctx, &c.hookFlags, dir)
	if err != nil {
		return err
	}
	hook.Checkout = c.Hook.Checkout
	if len(hook.Payload) == 0 {
		hook.Payload = c.Hook.Payload
	}
	for name, values := range c.Hook.Headers {
		hook.Headers[name] = append(hook.Headers[name], values...)
	}
	if c.Folder != nil {
		if err := c.changedFiles(&c.hookFlags, &hook); err != nil {
			return err
		}
	}
	c.Hook = hook
	if c.Token, err = c.readToken(); err != nil {
		return err
	}
	c.sign()
	c.Format = c.format.value
	mask := secrets.NewMask(c.secretValues())
	hidden := func(text string) string { return mask.Text(c.hidden(text), false) }
	starts, err := c.SimulateEvent(c.EventSimulation, printable.Hiding(c.Out, hidden))
	if err == nil && !starts {
		c.exit = found
	}
	return err
}

// sign signs the payload that was made for --event with the token, if there is one.
func (c *simulatingEvent) sign() {
	if c.Token == "" || c.sample.event.value == "" {
		return
	}
	if c.sample.provider.value == "gitlab" {
		c.Hook.Headers["X-Gitlab-Token"] = []string{c.Token}
		return
	}
	mac := hmac.New(sha256.New, []byte(c.Token))
	_, _ = mac.Write(c.Hook.Payload)
	c.Hook.Headers["X-Hub-Signature-256"] = []string{"sha256=" + hex.EncodeToString(mac.Sum(nil))}
}

// secretValues are the values of the request that are not shown.
func (c *simulatingEvent) secretValues() (values []string) {
	if c.Token != "" {
		values = append(values, c.Token)
	}
	for name, of := range c.Hook.Headers {
		switch http.CanonicalHeaderKey(name) {
		case "X-Gitlab-Token", "Authorization", "X-Gitea-Signature", "X-Hub-Signature", "X-Hub-Signature-256", "X-Slack-Signature":
			values = append(values, of...)
		}
	}
	return values
}

// describes reports whether there is an event.
func (c *simulatingEvent) describes() bool {
	return c.hookFlags.describes() || len(c.Hook.Payload) > 0
}

// folderIn returns the one directory that is or has a .tekton folder, or nothing.
func folderIn(args []string) (found string, err error) {
	for _, arg := range args {
		if arg == "-" {
			continue
		}
		dir := filepath.Clean(arg)
		if filepath.Base(dir) != ".tekton" {
			dir = filepath.Join(dir, ".tekton")
		}
		if info, err := os.Lstat(dir); err != nil || !info.IsDir() && info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		if found != "" && found != dir {
			return "", fmt.Errorf("there are two .tekton folders, %s and %s\n  help: an event belongs to one repository", found, dir)
		}
		found = dir
	}
	return found, nil
}

// largestRequest is the maximum size of a recorded request in bytes.
const largestRequest = 64 << 20

// readHeaders reads the recorded request.
func (c *simulatingEvent) readHeaders() error {
	if c.headerFile == "" {
		return nil
	}
	if c.sample.event.value != "" {
		return errors.New("--event cannot be combined with --headers")
	}
	text, err := readSmall(c.headerFile, largestRequest)
	if err != nil {
		return err
	}
	text = bytes.TrimLeft(text, "\r\n")
	if first, rest, _ := bytes.Cut(text, []byte("\n")); isRequestLine(string(first)) {
		text = rest
	}
	in := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(slices.Clip(text), "\r\n\r\n"...))))
	header, err := in.ReadMIMEHeader()
	if err != nil {
		return fmt.Errorf("cannot read the headers in %s: %w", c.headerFile, err)
	}
	body, err := io.ReadAll(in.R)
	if err != nil {
		return err
	}
	c.Hook.Headers = maps.Clone(header)
	if body = bytes.TrimSuffix(body, []byte("\r\n\r\n")); len(bytes.TrimSpace(body)) > 0 && c.payload == "" {
		c.Hook.Payload = body
	}
	return nil
}

// isRequestLine reports whether a line is the first one of a request, such as POST / HTTP/1.1.
func isRequestLine(line string) bool {
	words := strings.Fields(line)
	return len(words) > 1 && !strings.HasSuffix(words[0], ":") && (strings.HasPrefix(words[len(words)-1], "HTTP/") || words[0] == http.MethodPost)
}

// readToken returns the value of the webhook's Secret, without the end of its line.
func (c *simulatingEvent) readToken() (string, error) {
	if c.tokens == "" {
		return "", nil
	}
	text, err := readSmall(c.tokens, largestScript)
	if err != nil {
		return "", err
	}
	token := strings.TrimRight(string(text), "\r\n")
	if token == "" {
		return "", fmt.Errorf("%s is empty", c.tokens)
	}
	if token == string(text) {
		return token, nil
	}
	return token, c.complain("note: the line break at the end of " + c.tokens + " is not part of the token; if the Secret has one, the cluster rejects every event")
}

// OutcomeText returns an outcome of Pipelines-as-Code as tekwright pac event prints it, without
// the values of Secrets.
func OutcomeText(dir string, out *pac.Outcome) printable.Safe {
	hide(out)
	return outcomeText(dir, out)
}

// OutcomeJSON returns an outcome as tekwright pac event -o json prints it.
func OutcomeJSON(dir string, out *pac.Outcome) any {
	hide(out)
	return pacJSON(dir, out)
}
