package pac

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// Repository describes a Repository, the object that connects a repository with the
// namespace of its runs. It belongs to the objects of the cluster, not to the folder
// .tekton. It implements manifest.Source. Methods called on a nil Repository do nothing.
type Repository struct {
	owner    handle.Owner
	at       callsite.Place
	name     string
	url      string
	limited  setting[int]
	provider setting[v1alpha1.GitProvider]
	incoming []placed[v1alpha1.Incoming]
	params   []placed[v1alpha1.Param]
	settings setting[*v1alpha1.Settings]
	runs     []*PipelineRun
	mutate   callsite.Changes[v1alpha1.Repository]
}

// placed is a value, and the place of the call that added it.
type placed[T any] struct {
	at    callsite.Place
	value T
}

// NewRepository returns a Repository with the given metadata.name. The URL is that of the
// repository exactly as the git server sends it: https://github.com/acme/shop, without .git.
func NewRepository(name, url string) *Repository {
	return &Repository{owner: handle.NewOwner(handle.PaC, "Repository "+quoted(name)), at: callsite.Here(), name: name, url: url}
}

// Run returns a run of the .tekton folder of this repository. See the function [Run]. Such a
// run may use the params of the Repository.
func (r *Repository) Run(run *builder.PipelineRun) *PipelineRun {
	p := &PipelineRun{at: callsite.Here(), run: run, repository: r}
	if r != nil {
		r.runs = append(r.runs, p)
	}
	return p
}

// Runs returns the runs that the method Run has returned, as a source of objects for the
// folder .tekton:
//
//	manifest.New(repository).PaC(repository.Runs())
func (r *Repository) Runs() Runs {
	if r == nil {
		return Runs{}
	}
	return Runs{r}
}

// Runs are the runs of a [Repository]. They implement manifest.Source.
type Runs struct{ r *Repository }

// ConcurrencyLimit sets how many runs of the repository may be active at once. Others wait,
// in the order of their names. It cannot be combined with CancelInProgress.
func (r *Repository) ConcurrencyLimit(n int) *Repository {
	if r != nil {
		r.limited = setting[int]{callsite.Here(), n}
	}
	return r
}

// Provider sets how the git server is reached. It is needed unless a GitHub App is used.
//
//	r.Provider(v1alpha1.GitProvider{Type: "gitlab", Secret: &v1alpha1.Secret{Name: "gitlab"},
//		WebhookSecret: &v1alpha1.Secret{Name: "gitlab"}})
func (r *Repository) Provider(p v1alpha1.GitProvider) *Repository {
	if r != nil {
		r.provider = setting[v1alpha1.GitProvider]{callsite.Here(), *p.DeepCopy()}
	}
	return r
}

// Incoming allows calls of the URL /incoming that contain the value of a key of a Secret, for
// branches that match one of the targets. In these globs, * also matches slashes. The params
// of [Repository.IncomingParams] may be set.
func (r *Repository) Incoming(secret, key string, targets ...string) *Repository {
	if r != nil {
		r.incoming = append(r.incoming, placed[v1alpha1.Incoming]{callsite.Here(), v1alpha1.Incoming{
			Type: webhookURL, Secret: v1alpha1.Secret{Name: secret, Key: key}, Targets: append([]string(nil), targets...),
		}})
	}
	return r
}

const webhookURL = "webhook-url"

// IncomingParams adds the names of params that calls of the last Incoming may set.
func (r *Repository) IncomingParams(names ...string) *Repository {
	if r != nil && len(r.incoming) > 0 {
		last := &r.incoming[len(r.incoming)-1].value
		last.Params = append(last.Params, names...)
	}
	return r
}

// Settings sets the other settings: who may start runs, comments, and where the folder is
// read.
func (r *Repository) Settings(s v1alpha1.Settings) *Repository {
	if r != nil {
		r.settings = setting[*v1alpha1.Settings]{callsite.Here(), s.DeepCopy()}
	}
	return r
}

// Param adds a param and returns it for the runs of this repository. A comment such as
// "/test NAME=value" overrides the value for one run.
func (r *Repository) Param(name, value string) builder.String {
	return r.add(callsite.Here(), v1alpha1.Param{Name: name, Value: value})
}

// ParamFrom adds a param with the given fields: a filter, or the key of a Secret with the
// value. The value of a Secret becomes a part of the run, which everybody can read who can
// read runs; where it is possible, mount the Secret in the task instead.
func (r *Repository) ParamFrom(p v1alpha1.Param) builder.String {
	if s := p.SecretRef; s != nil {
		c := *s
		p.SecretRef = &c
	}
	return r.add(callsite.Here(), p)
}

func (r *Repository) add(at callsite.Place, p v1alpha1.Param) builder.String {
	if r == nil || r.owner.ID == 0 {
		return ""
	}
	r.params = append(r.params, placed[v1alpha1.Param]{at, p})
	return builder.String(handle.Token{Owner: r.owner, Form: handle.Value, Expr: p.Name}.String())
}

// Mutate registers a function that changes the Repository before it is checked. The function
// may be called more than once, each time with a new Repository.
func (r *Repository) Mutate(change func(*v1alpha1.Repository)) *Repository {
	if r != nil {
		r.mutate.Add(callsite.Here(), change)
	}
	return r
}

// Objects returns the Repository. It implements manifest.Source.
func (r *Repository) Objects() ([]object.Object, error) {
	o, found := r.lower()
	if o.Object == nil {
		return nil, found.Err()
	}
	return []object.Object{o}, found.Err()
}

// Object returns the Repository.
func (r *Repository) Object() (object.Object, error) {
	o, found := r.lower()
	return o, found.Err()
}

// limit returns the concurrency limit, 0 if there is none.
func (r *Repository) limit() int {
	if r == nil {
		return 0
	}
	return r.limited.value
}

// celParams returns the names of the params that CEL can use.
func (r *Repository) celParams() []string {
	if r == nil {
		return nil
	}
	var names []string
	for _, p := range r.params {
		if identifier.MatchString(p.value.Name) {
			names = append(names, p.value.Name)
		}
	}
	return names
}

func (r *Repository) meta() (metav1.TypeMeta, metav1.ObjectMeta) {
	return metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: "Repository"}, metav1.ObjectMeta{Name: handle.Strip(r.name)}
}
