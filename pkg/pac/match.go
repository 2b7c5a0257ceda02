package pac

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/bounded"
	folder "github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// A Webhook is a request to Pipelines-as-Code, together with what Pipelines-as-Code gets
// from the API of the provider and from the cluster.
type Webhook struct {
	// Headers are the headers of the request, such as an http.Header. They determine the
	// provider, and the kind of event.
	Headers map[string][]string
	// Payload is the JSON body of the request.
	Payload []byte
	// Path is "/incoming" for a call of the incoming webhook, and empty for the webhook of
	// a provider. Query are the parameters of such a call if it has no body.
	Path  string
	Query url.Values

	// Changed are the files that the event changes. Bitbucket Cloud does not tell them, so
	// that they are not used for its events.
	Changed ChangedFiles
	// PullRequest is the pull request as JSON of GitHub's API. It is needed for comments
	// and checks of GitHub, whose payloads do not contain it.
	PullRequest []byte
	// SHA is the commit of a call of the incoming webhook. CommitMessage is the message of
	// the commit, which may skip CI.
	SHA, CommitMessage string
	// Succeeded are the names of the runs that have already succeeded for the commit.
	// /retest and /ok-to-test do not start them again.
	Succeeded []string

	// Objects are the Repositories of the cluster, and the Secrets that their params refer
	// to. Without Secrets, each has the value ***. Without a Repository, one without
	// params and settings is assumed.
	Objects []object.Object
	// Global is the Repository whose settings apply to all.
	Global object.Object

	// Checkout is the repository at the commit of the event. Remote tasks and pipelines
	// with a path are read from it. If it is nil, they are not known, as those with a URL
	// or of a hub. Use the FS of os.OpenRoot: that of os.DirFS follows links out of the
	// repository.
	Checkout fs.FS
}

// ChangedFiles are the files that an event changes, relative to the repository.
type ChangedFiles struct {
	// All are all files. Path patterns are compared with them.
	All []string
	// The others are the lists that expressions can also use: files.added and so on.
	Added, Deleted, Modified, Renamed []string
}

// An Outcome says which runs of a folder an event starts.
type Outcome struct {
	// Event is the event. It is nil if Pipelines-as-Code does not process it.
	Event *OutcomeEvent
	// Repository is the namespace and name of the Repository of the event. It is empty if
	// there is none or it is assumed.
	Repository string
	// Ended is why no run starts whatever the folder contains: the event is not processed,
	// its pull request is closed, or the commit message skips CI.
	Ended string
	// Stopped is the mistake that keeps all runs of the folder from starting, and StoppedAt
	// its position.
	Stopped   string
	StoppedAt diag.Position
	// Runs are the runs of the folder, in the order in which Pipelines-as-Code reads them.
	Runs []OutcomeRun
	// Variables are the variables of the event and the params of the Repository, sorted by
	// name.
	Variables []OutcomeVariable
	// Notes say what was assumed, and what is not known.
	Notes []string
}

// An OutcomeEvent is an event as on-cel-expression and the annotations see it.
type OutcomeEvent struct {
	Provider     string // github, gitea, gitlab, bitbucket-cloud or bitbucket-datacenter
	Event        string // pull_request, push or pull_request_closed
	EventType    string
	TargetBranch string // with refs/heads/ for most pushes
	SourceBranch string
	Labels       []string
	Comment      string
}

// An OutcomeRun is a run of the folder.
type OutcomeRun struct {
	// Name is the name or generateName in the file.
	Name     string
	Position diag.Position
	// Started reports whether the event starts the run. If it does not, Check is the first
	// check that failed, such as on-target-branch, and Reason says what was compared.
	Started       bool
	Check, Reason string
	// Namespace is the namespace in which the run is created, and Object the run as it is
	// created, without the labels and annotations about the event. They are empty if the
	// run is not started.
	Namespace string
	Object    *v1.PipelineRun
	// Unknown are the remote tasks and pipelines that Object lacks because they could not
	// be read.
	Unknown []string
}

// An OutcomeVariable is a variable or param, which {{ name }} is replaced with.
type OutcomeVariable struct {
	Name, Value string
	// Secret reports whether the value is from a Secret.
	Secret bool
}

// Matches returns which runs of a .tekton folder an event starts, as Pipelines-as-Code
// decides it. The folder is that of the event's commit.
//
// Matches assumes that the sender is allowed to start runs, and that the signature of the
// request is valid. The error is about the arguments, or says that the runs are too large or
// take too long to find; an event that Pipelines-as-Code does not process is an Outcome.
func Matches(tekton fs.FS, hook Webhook) (*Outcome, error) {
	f, err := load(tekton)
	if err != nil {
		return nil, err
	}
	in, err := hook.input()
	if err != nil {
		return nil, err
	}
	result, err := pacmatch.Decide(f, in, hook.fetch)
	if err != nil {
		return nil, err
	}
	return outcome(result), nil
}

// maxFile is the maximum size of a file of a folder, and maxFolder that of all.
const (
	maxFile   = 16 << 20
	maxFolder = 128 << 20
)

// load reads the files of a folder. A symbolic link is not followed: git stores its target
// as its text.
func load(tekton fs.FS) (*folder.Folder, error) {
	if tekton == nil {
		return nil, errors.New("the folder is nil")
	}
	var files []folder.File
	size := 0
	err := fs.WalkDir(tekton, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !folder.IsRead(name) {
			return err
		}
		var text []byte
		switch {
		case e.Type()&fs.ModeSymlink != 0:
			target, err := fs.ReadLink(tekton, name)
			if err != nil {
				return err
			}
			text = []byte(target)
		case !e.Type().IsRegular():
			return nil
		default:
			if text, err = read(tekton, name); err != nil {
				return err
			}
		}
		if size += len(text); size > maxFolder {
			return fmt.Errorf("the files of the folder have more than %d MiB", maxFolder>>20)
		}
		files = append(files, folder.File{Name: name, Text: text})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return folder.Load(files), nil
}

// read reads a file that is not too large.
func read(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := bounded.ReadAll(f, maxFile)
	if _, named := errors.AsType[*fs.PathError](err); err != nil && !named {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return text, err
}

// fetch returns the text of a remote task or pipeline that is in the checkout.
func (w Webhook) fetch(r folder.Remote) ([]byte, error) {
	name := path.Clean(r.Value)
	if w.Checkout == nil || r.Where() != folder.Repository {
		return nil, folder.ErrUnknown
	}
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("%s is not a path in the repository", r.Value)
	}
	// To open a pipe could take forever. A link to a file of the repository is followed.
	if info, err := fs.Stat(w.Checkout, name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", r.Value)
	}
	return read(w.Checkout, name)
}

// input returns the input of the decision.
func (w Webhook) input() (*pacmatch.Input, error) {
	in := &pacmatch.Input{
		Headers: w.Headers, Payload: w.Payload, Path: w.Path, Query: w.Query, Files: pacmatch.Files(w.Changed),
		PullRequest: w.PullRequest, SHA: w.SHA, CommitMessage: w.CommitMessage, Succeeded: w.Succeeded,
	}
	for _, o := range w.Objects {
		if err := add(in, o); err != nil {
			return nil, err
		}
	}
	if !w.Global.IsNil() {
		r, err := repositoryOf(w.Global)
		if err != nil {
			return nil, err
		}
		in.Global = r
	}
	if len(in.Repositories) == 0 {
		in.Assumed = &v1alpha1.Repository{Spec: v1alpha1.RepositorySpec{GitProvider: &v1alpha1.GitProvider{}}}
	}
	return in, nil
}

// add adds an object of the cluster to the input.
func add(in *pacmatch.Input, o object.Object) error {
	switch ref := o.Ref(); ref.Kind {
	case "Repository":
		r, err := repositoryOf(o)
		if err != nil {
			return err
		}
		in.Repositories = append(in.Repositories, r)
	case "Secret":
		var s corev1.Secret
		if err := convert(o, &s); err != nil {
			return err
		}
		if in.Secrets == nil {
			in.Secrets = map[string]string{}
		}
		prefix := s.Namespace + "/" + s.Name + "/"
		for k, v := range s.Data {
			in.Secrets[prefix+k] = string(v)
		}
		for k, v := range s.StringData {
			in.Secrets[prefix+k] = v
		}
	}
	return nil
}

func repositoryOf(o object.Object) (*v1alpha1.Repository, error) {
	r := &v1alpha1.Repository{}
	return r, convert(o, r)
}

// convert decodes the JSON of an object.
func convert(o object.Object, into any) error {
	text, err := json.Marshal(o.Object)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", o.Ref(), err)
	}
	return nil
}

// outcome returns a result with exported types.
func outcome(r *pacmatch.Result) *Outcome {
	out := &Outcome{Ended: r.Ended, StoppedAt: r.At, Notes: r.Notes}
	if e := r.Event; e != nil {
		out.Event = &OutcomeEvent{
			Provider: e.Provider, Event: e.Target, EventType: e.EventType, TargetBranch: r.Base,
			SourceBranch: r.Head, Labels: e.Labels, Comment: e.TriggerComment,
		}
	}
	if r.Repository != nil && r.Repository.Name != "" {
		out.Repository = r.Repository.Namespace + "/" + r.Repository.Name
	}
	if r.Stop != nil {
		out.Stopped = r.Stop.Error()
		if r.Stop.Crash {
			out.Stopped += ", at which the controller of Pipelines-as-Code crashes"
		}
	}
	for _, run := range r.Runs {
		m := OutcomeRun{
			Name: run.Name, Position: run.Position, Started: run.Started, Check: string(run.Check), Reason: run.Reason,
			Namespace: run.Namespace, Object: run.Object,
		}
		for _, u := range run.Unknown {
			m.Unknown = append(m.Unknown, u.Value)
		}
		out.Runs = append(out.Runs, m)
	}
	for _, v := range r.Variables {
		out.Variables = append(out.Variables, OutcomeVariable(v))
	}
	return out
}
