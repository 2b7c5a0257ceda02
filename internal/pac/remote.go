package pac

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Where says where Pipelines-as-Code fetches a remote task or pipeline.
type Where uint8

// The places of remote tasks and pipelines.
const (
	URL        Where = iota // an http or https URL
	Catalog                 // a catalog of the ConfigMap of Pipelines-as-Code: id://name
	Repository              // a file of the repository: the value contains a slash
	Hub                     // the default catalog, which is Artifact Hub
)

// Remote is a task or pipeline that an annotation refers to.
type Remote struct {
	// Value is what is fetched, and Written the value of the annotation. For a task of a
	// remote pipeline, it may have been joined to the directory of that pipeline.
	Value, Written string
	// Kind is Task or Pipeline.
	Kind string
	// Key is the annotation, and OfPipeline reports whether the Pipeline has it.
	Key        string
	OfPipeline bool
	Of         *Document // of the Pipeline if it is one of the folder, nil otherwise
}

// Where returns where the task or pipeline is fetched. A URL on the host of the repository
// may be fetched with the API of its provider first.
func (r Remote) Where() Where {
	switch {
	case strings.HasPrefix(r.Value, "https://"), strings.HasPrefix(r.Value, "http://"):
		return URL
	case strings.Contains(r.Value, "://"):
		return Catalog
	case strings.Contains(r.Value, "/"):
		return Repository
	}
	return Hub
}

// ErrUnknown is the error of a Fetch function that does not know a remote.
var ErrUnknown = errors.New("the remote cannot be read without a network")

// Fetch returns the text of a remote task or pipeline. It returns [ErrUnknown] for one
// that it does not know, and any other error if Pipelines-as-Code cannot fetch it either.
type Fetch func(r Remote) (text []byte, err error)

// fetched are the tasks and pipelines that were fetched for an event: each only once.
type fetched struct {
	fetch     Fetch
	tasks     map[string]*TaskObject
	pipelines map[string]*Pipeline
	work      *Work
	unknown   map[string]bool
	errors    map[string]error
	shared    map[shares]*Remotes
}

// Remotes are the remote tasks and pipelines that the annotations of one object refer to.
type Remotes struct {
	All []Remote
	// Unknown are those that cannot be read offline. What they contain is not part of the
	// runs.
	Unknown []Remote

	joined      bool
	unknownTask bool
	tasks       map[string]*TaskObject // by name
	got         bool
	failed      Remote
	err         error
}

// Joined reports whether the tasks are relative to a remote Pipeline.
func (r *Remotes) Joined() bool { return r.joined }

// eachRemote is what a remote task takes, even if it is unknown.
const eachRemote = 100

// get fetches the tasks, if they are not there yet. It returns the first that it cannot fetch,
// and why.
func (r *Remotes) get(f *fetched) (failed Remote, err error) {
	if r.got {
		return r.failed, r.err
	}
	r.got, r.tasks = true, map[string]*TaskObject{}
	for _, remote := range r.All {
		if remote.Kind != "Task" {
			continue
		}
		task, err := f.task(remote)
		if errors.Is(err, ErrUnknown) {
			r.Unknown, r.unknownTask = append(r.Unknown, remote), true
			continue
		}
		if err != nil {
			r.failed, r.err = remote, err
			break
		}
		if name := task.Object.Name; r.tasks[name] == nil {
			r.tasks[name] = task
		}
	}
	return r.failed, r.err
}

// shares is what the runs of a Pipeline have in common.
type shares struct {
	pipeline *Pipeline
	base     string // the value of the annotation that refers to it
	of       *Document
}

// ofPipeline returns the remote tasks that the annotations of a Pipeline refer to, nil if there
// are none. An error is about the annotation with the path.
func (f *fetched) ofPipeline(pipeline *Pipeline, base string, of *Document) (*Remotes, diag.Path, error) {
	key := shares{pipeline, base, of}
	if known, ok := f.shared[key]; ok {
		return known, diag.Path{}, nil
	}
	written, keys, err := references(pipeline.Object.Annotations, taskKey)
	values := written
	if err == nil {
		values, err = join(base, written)
	}
	if err != nil {
		path := metadata
		if len(keys) > 0 {
			path = metadata.Key(keys[0])
		}
		return nil, path, err
	}
	var all *Remotes
	if len(values) > 0 {
		all = &Remotes{joined: base != ""}
	}
	for i, value := range values {
		all.All = append(all.All, Remote{Value: value, Written: written[i], Kind: "Task", Key: keys[i], Of: of, OfPipeline: true})
	}
	f.shared[key] = all
	return all, diag.Path{}, nil
}

// task returns a remote task. It returns [ErrUnknown] if it is unknown.
func (f *fetched) task(r Remote) (*TaskObject, error) {
	if task := f.tasks[r.Value]; task != nil {
		return task, nil
	}
	o, err := f.object(r)
	if err != nil {
		return nil, err
	}
	if len(o.Tasks) == 0 {
		return nil, f.failed(r, fmt.Errorf("remote task from URI %s has not been recognized as a Tekton task", r.Value))
	}
	f.tasks[r.Value] = o.Tasks[0]
	return o.Tasks[0], nil
}

// pipeline returns a remote pipeline. It returns [ErrUnknown] if it is unknown.
func (f *fetched) pipeline(r Remote) (*Pipeline, error) {
	if pipeline := f.pipelines[r.Value]; pipeline != nil {
		return pipeline, nil
	}
	o, err := f.object(r)
	if err != nil {
		return nil, err
	}
	if len(o.Pipelines) == 0 {
		return nil, f.failed(r, fmt.Errorf("remote pipeline from URI %s has not been recognized as a Tekton pipeline", r.Value))
	}
	f.pipelines[r.Value] = o.Pipelines[0]
	return o.Pipelines[0], nil
}

func (f *fetched) failed(r Remote, err error) error {
	err = &FetchError{r, err}
	f.errors[r.Kind+" "+r.Value] = err
	return err
}

// FetchError is the error about a remote task or pipeline that cannot be fetched or decoded.
type FetchError struct {
	Remote Remote
	Err    error
}

// Error returns the reason.
func (e *FetchError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *FetchError) Unwrap() error { return e.Err }

// object fetches a remote and decodes its first document.
func (f *fetched) object(r Remote) (*Objects, error) {
	key := r.Kind + " " + r.Value
	switch {
	case f.unknown[key], f.fetch == nil:
		return nil, ErrUnknown
	case f.errors[key] != nil:
		return nil, f.errors[key]
	}
	text, err := f.fetch(r)
	what := strings.ToLower(r.Kind)
	switch {
	case errors.Is(err, ErrUnknown):
		f.unknown[key] = true
		return nil, ErrUnknown
	case err != nil:
		return nil, f.failed(r, fmt.Errorf("error getting remote %s %q: %w", what, r.Value, err))
	case len(text) == 0:
		return nil, f.failed(r, fmt.Errorf("remote %s %q not found", what, r.Value))
	case !f.work.insert(len(text)):
		return nil, f.failed(r, f.work.Err())
	}
	o := decodeOne(r.Value, string(text), f.work)
	if o.Err != nil {
		return nil, f.failed(r, fmt.Errorf("remote %s from URI %s cannot be converted: %w", what, r.Value, o.Err))
	}
	if len(o.Dropped) > 0 {
		return nil, f.failed(r, fmt.Errorf("remote %s from URI %s cannot be parsed as a Kubernetes resource: %w", what, r.Value, o.Dropped[0].Err))
	}
	return o, nil
}

// decodeOne decodes the first document of a remote text, which is not split.
func decodeOne(name, text string, work *Work) *Objects {
	f := Load([]File{{Name: path.Base(name) + ".yaml", Text: []byte(text)}})
	exp := &Expansion{Text: f.text}
	o := &Objects{exp: exp, work: work}
	o.add(&Document{folder: f, exp: exp, start: f.parts[0].start}, text)
	return o
}

// join makes the tasks of a remote pipeline relative to its directory. Pipelines-as-Code
// does so with every task that is no absolute URL, even with a name of the hub.
func join(pipeline string, tasks []string) ([]string, error) {
	lower := strings.ToLower(pipeline)
	isURL := strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
	isPath := strings.Contains(lower, "/") && !strings.Contains(lower, "://")
	if !isURL && !isPath {
		return tasks, nil
	}
	base, err := url.Parse(pipeline)
	if err != nil {
		return tasks, err
	}
	base.Path = path.Dir(base.Path)
	joined := make([]string, len(tasks))
	for i, t := range tasks {
		if u, err := url.Parse(t); err == nil && u.Scheme != "" && u.Host != "" {
			joined[i] = t
			continue
		}
		joined[i] = base.JoinPath(t).String()
	}
	return joined, nil
}
