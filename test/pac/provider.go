package pac

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/changedfiles"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/events"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/params"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/params/info"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/provider"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/provider/status"
	"go.uber.org/zap"
)

// ReadDir reads dir as the GitHub, GitLab and Forgejo providers read .tekton:
// every *.yaml and *.yml below it, in the order of a git tree, each checked by
// PaC's ValidateYaml before any template is expanded, then joined.
func ReadDir(dir string) (string, error) {
	names, err := treeOrder(dir)
	if err != nil {
		return "", err
	}
	var buf strings.Builder
	for _, name := range names {
		full := filepath.Join(dir, name)
		var content []byte
		if fi, err := os.Lstat(full); err == nil && fi.Mode()&os.ModeSymlink != 0 {
			// in a git tree a symlink is a blob that holds its target
			to, err := os.Readlink(full)
			if err != nil {
				return "", err
			}
			content = []byte(to)
		} else if content, err = os.ReadFile(full); err != nil {
			return "", err
		}
		if err := provider.ValidateYaml(content, name); err != nil {
			return "", err
		}
		if buf.Len() > 0 && !bytes.HasPrefix(content, []byte("---")) {
			buf.WriteString("---")
		}
		buf.WriteString("\n")
		buf.Write(content)
		buf.WriteString("\n")
	}
	return buf.String(), nil
}

// treeOrder lists the YAML files below dir, folders sorting as "name/".
func treeOrder(dir string) ([]string, error) {
	if fi, err := os.Stat(dir); err != nil || !fi.IsDir() {
		if os.IsNotExist(err) {
			return nil, nil
		}
		return nil, err
	}
	var out []string
	var walk func(rel string) error
	walk = func(rel string) error {
		entries, err := os.ReadDir(filepath.Join(dir, rel))
		if err != nil {
			return err
		}
		key := func(e os.DirEntry) string {
			if e.IsDir() {
				return e.Name() + "/"
			}
			return e.Name()
		}
		sort.Slice(entries, func(i, j int) bool { return key(entries[i]) < key(entries[j]) })
		for _, e := range entries {
			p := path.Join(rel, e.Name())
			if e.IsDir() {
				if err := walk(p); err != nil {
					return err
				}
				continue
			}
			if strings.HasSuffix(p, ".yaml") || strings.HasSuffix(p, ".yml") {
				out = append(out, p)
			}
		}
		return nil
	}
	return out, walk("")
}

// Status is a commit status or check that PaC would have set.
type Status struct{ Status, Conclusion, Title, Text, Run string }

// fake is provider.Interface over a checkout.
type fake struct {
	in   *Input
	name string

	mu       sync.Mutex
	statuses []Status
	comments []string
}

var _ provider.Interface = (*fake)(nil)

func (f *fake) SetLogger(*zap.SugaredLogger)                             {}
func (f *fake) SetPacInfo(*info.PacOpts)                                 {}
func (f *fake) Validate(context.Context, *params.Run, *info.Event) error { return nil }
func (f *fake) GetConfig() *info.ProviderConfig {
	return &info.ProviderConfig{Name: f.name, APIURL: "https://api.invalid"}
}
func (f *fake) GetTemplate(t provider.CommentType) string            { return provider.GetHTMLTemplate(t) }
func (f *fake) IsAllowed(context.Context, *info.Event) (bool, error) { return !f.in.Denied, nil }
func (f *fake) IsAllowedOwnersFile(context.Context, *info.Event) (bool, error) {
	return !f.in.Denied, nil
}

func (f *fake) Detect(*http.Request, string, *zap.SugaredLogger) (bool, bool, *zap.SugaredLogger, string, error) {
	return true, true, nil, "", nil
}

func (f *fake) ParsePayload(context.Context, *params.Run, *http.Request, string) (*info.Event, error) {
	return nil, fmt.Errorf("not used")
}

func (f *fake) CheckPolicyAllowing(context.Context, *info.Event, []string) (bool, string) {
	return !f.in.Denied, ""
}

func (f *fake) SetClient(context.Context, *params.Run, *info.Event, *v1alpha1.Repository, *events.EventEmitter) error {
	return nil
}

func (f *fake) CreateToken(context.Context, []string, *info.Event) (string, error) { return "", nil }

func (f *fake) CreateStatus(_ context.Context, _ *info.Event, o status.StatusOpts) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.statuses = append(f.statuses, Status{o.Status, string(o.Conclusion), o.Title, o.Text, o.OriginalPipelineRunName})
	return nil
}

func (f *fake) CreateComment(_ context.Context, _ *info.Event, comment, _ string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.comments = append(f.comments, comment)
	return nil
}

func (f *fake) GetTektonDir(_ context.Context, _ *info.Event, dir, provenance string) (string, error) {
	root := f.in.Root
	if provenance == "default_branch" && f.in.DefaultBranchRoot != "" {
		root = f.in.DefaultBranchRoot
	}
	return ReadDir(filepath.Join(root, dir))
}

func (f *fake) GetFileInsideRepo(_ context.Context, _ *info.Event, name, _ string) (string, error) {
	root, err := os.OpenRoot(f.in.Root)
	if err != nil {
		return "", err
	}
	defer root.Close()
	b, err := root.ReadFile(path.Clean(name))
	return string(b), err
}

// GetCommitInfo fills what the real providers ask the API for.
func (f *fake) GetCommitInfo(_ context.Context, e *info.Event) error {
	if e.SHA == "" {
		e.SHA = f.in.SHA
	}
	if f.in.CommitMessage != "" || e.SHATitle == "" {
		e.SHATitle = strings.Split(f.in.CommitMessage, "\n\n")[0]
	}
	if e.SHAURL == "" {
		e.SHAURL = e.URL + "/commit/" + e.SHA
	}
	e.SHAMessage = f.in.CommitMessage
	e.HasSkipCommand = provider.SkipCI(f.in.CommitMessage)
	if e.DefaultBranch == "" {
		e.DefaultBranch = f.in.DefaultBranch
	}
	return nil
}

func (f *fake) GetFiles(context.Context, *info.Event) (changedfiles.ChangedFiles, error) {
	if f.name == "bitbucket-cloud" { // as the real one
		return changedfiles.ChangedFiles{}, nil
	}
	return f.in.Files, nil
}

// GetTaskURI leaves URLs of the provider's own host to Input.Remote.
func (f *fake) GetTaskURI(context.Context, *info.Event, string) (bool, string, error) {
	return false, "", nil
}

func (f *fake) GetCommitStatuses(context.Context, *info.Event) ([]provider.CommitStatusInfo, error) {
	return f.in.CommitStatuses, nil
}
