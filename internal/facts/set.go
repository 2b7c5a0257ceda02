package facts

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/ignore"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Fact is a group of facts that a rule can need. [Set.Observe] observes which ones
// are used.
type Fact string

// The groups of facts.
const (
	Objects     Fact = "objects"    // the other objects of the set, by kind and name
	Params      Fact = "params"     // declared params, and what reads them
	Variables   Fact = "variables"  // every $(...), and its meaning
	Results     Fact = "results"    // declared results, and what writes and reads them
	Workspaces  Fact = "workspaces" // declared workspaces, and what binds and uses them
	Order       Fact = "order"      // the order of tasks, and which of them can be skipped
	PassingFact Fact = "passing"    // the values that are passed to declared params
	Scripts     Fact = "scripts"    // the words of scripts and command lines
	RBAC        Fact = "rbac"       // the permissions of service accounts
	Events      Fact = "events"     // which events reach which template
)

// Set is a set of objects and the facts about them.
type Set struct {
	entries []*Entry
	all     []*Entry // including the objects that templates create, after each template
	index   map[[2]string][]*Entry
	observe func(Fact)
	united  bool
	ignores ignore.Index

	memos // facts about the whole set
}

// New returns a set of the objects. Objects that are nil are left out.
func New(objects []object.Object) *Set {
	s := &Set{index: make(map[[2]string][]*Entry, len(objects))}
	for _, o := range objects {
		if o.IsNil() {
			continue
		}
		if o.Checked != nil {
			o.Object, o.Checked = o.Checked, nil
		}
		e := newEntry(s, o)
		s.entries = append(s.entries, e)
		k := [2]string{e.Ref.Kind, e.Ref.Name}
		s.index[k] = append(s.index[k], e)
	}
	s.ignores = ignore.NewIndex(objects)
	return s
}

// Unite makes the objects of all directories one set: the same name in two of them is a
// mistake, and the first one is meant. It has to be called before any other method.
func (s *Set) Unite() { s.united = true }

// Ignored returns the comment that suppresses the findings of a rule at a position, nil if
// there is none.
func (s *Set) Ignored(code string, at diag.Position) *object.Ignore { return s.ignores.At(code, at) }

// HasIgnores reports whether any comment suppresses a rule.
func (s *Set) HasIgnores() bool { return s.ignores != nil }

// Observe calls f for each group of facts that is used from now on, so that a test
// can compare them with those that a rule declares.
func (s *Set) Observe(f func(Fact)) { s.observe = f }

// asked records the use of a fact.
func (s *Set) asked(f Fact) {
	if s.observe != nil {
		s.observe(f)
	}
}

// Entries returns the objects of the set, in the order in which they were given.
func (s *Set) Entries() []*Entry { return s.entries }

// InFile returns the objects of a file, and those that its templates create, in order. The
// file "" has all whose file is not known.
func (s *Set) InFile(file string) []*Entry {
	if s.byFile == nil {
		s.byFile = map[string][]*Entry{}
		for _, e := range s.All() {
			s.byFile[e.File()] = append(s.byFile[e.File()], e)
		}
	}
	return s.byFile[file]
}

// All returns the objects of the set, each TriggerTemplate or EventListener followed
// by the objects that its templates create.
func (s *Set) All() []*Entry {
	if s.all == nil {
		s.all = make([]*Entry, 0, len(s.entries))
		for _, e := range s.entries {
			s.all = append(s.all, e)
			for _, b := range e.Bodies() {
				if b.Entry != nil {
					s.all = append(s.all, b.Entry)
				}
			}
		}
	}
	return s.all
}

// Find returns the object of that kind and name to which from refers in namespace;
// nil if it is not in the set. An object without a namespace may be applied to any,
// so it matches all.
//
// If there are several, it is the nearest one: in the file of from, in its directory,
// below that, and so on outward. A repository has many sets of objects, each in a
// directory of its own, such as the versions of a Task.
func (s *Set) Find(kind, namespace, name string, from *Entry) *Entry {
	s.asked(Objects)
	all := s.index[[2]string{kind, name}]
	switch len(all) {
	case 0:
		return nil
	case 1:
		if SameNamespace(all[0].Ref.Namespace, namespace) && (from == nil || isInside(slashed(from.File()), all[0].fixture())) {
			return all[0]
		}
		return nil
	}
	return s.nearest(kind, namespace, name, from)
}

// Same returns the objects of that kind and name, in the order of the set.
func (s *Set) Same(kind, name string) []*Entry {
	s.asked(Objects)
	return s.index[[2]string{kind, name}]
}

// Names returns the names of the objects of a kind, for suggestions.
func (s *Set) Names(kind string) []string {
	s.asked(Objects)
	if s.names == nil {
		s.names = map[string][]string{}
		for _, e := range s.entries {
			s.names[e.Ref.Kind] = append(s.names[e.Ref.Kind], e.Ref.Name)
		}
	}
	return s.names[kind]
}

// LeftOut is something that has not been checked, because it would take too long.
type LeftOut struct {
	Spot          Spot
	Message, Help string
}

// LeaveOut records that something about the object has not been checked, with what to do
// about it. Of several, the set keeps the first with each help.
func (e *Entry) LeaveOut(message, help string) { e.LeaveOutAt(e.At(), message, help) }

// LeaveOutAt is like LeaveOut, for something at a place in the object.
func (e *Entry) LeaveOutAt(at Spot, message, help string) {
	s := e.set
	for i := range s.leftOut {
		if s.leftOut[i].Help == help {
			return
		}
	}
	s.leftOut = append(s.leftOut, LeftOut{at, message, help})
}

// LeftOut returns what has not been checked.
func (s *Set) LeftOut() []LeftOut { return s.leftOut }

// memos are facts that are computed once.
type memos struct {
	memoScripts
	memoInlined
	memoApart
	memoSignatures
	fsGroup           *bool // nil if not known yet
	oneNamespace      *bool // the same
	usedNamespaces    names
	names             map[string][]string
	keeping           map[*Param][]*Passing
	valueWorkspaces   *valueIndex
	made              map[string][]string // namespaces of Secrets that other objects create, by name
	bindingUsers      map[*Entry][]*Trigger
	templateUsers     map[*v1beta1.TriggerTemplateSpec][]*Trigger
	identities        map[identity]*Entry
	neighbors         map[[2]string]neighborhood
	placesOf          map[whereabouts][]string
	byAccount         map[string][]boundRole
	accounts          map[account][]boundRole
	withResources     map[*v1.TaskSpec]bool // nil if not known yet
	podSecurity       map[*v1.TaskSpec]*podCounts
	namespaces        map[string]*Namespaces // by directory
	templateParams    map[*v1beta1.TriggerTemplateSpec]map[string]bool
	templateDeclares  map[*v1beta1.TriggerTemplateSpec]*templateParam
	limited           []string                   // namespaces with default requests
	pipelineRoles     map[string]map[*Entry]bool // by the default service account, once known
	usesAccounts      bool                       // a run or a listener uses a service account
	used              map[*Entry]bool            // nil if not known yet
	byFile            map[string][]*Entry        // nil if not known yet
	withoutTekton     bool
	attempts          map[*Entry][]attempt
	startedBy         map[*Template]starter
	claimMounts       map[any][]claimMount      // by spec
	moreMounts        int                       // how many have been looked at behind the first of each definition
	trusted           map[claimPath][]*ClaimUse // by members
	trustedAt         map[claimPath][]*ClaimUse // by the directory itself
	exposures         map[exposure][]Exposure
	firstForStrangers map[exposure]*Trigger
	whens             map[*v1beta1.TriggerTemplateSpec]*whenFacts
	creations         map[*v1beta1.TriggerTemplateSpec][]Creation
	handing           *handing
	leftOut           []LeftOut
	runBindings       map[*v1.PipelineRun]map[string]*v1.WorkspaceBinding // by name
	routes            map[route]Spot
	listed            map[string]bool
	usedSecrets       map[string]bool // by namespace/name
	tektonFolders     map[string]*TektonFolder
	readRemote        readRemote
	memoRepositories
}

// Refs returns the references of all objects of the set.
func (s *Set) Refs() []diag.ObjectRef {
	out := make([]diag.ObjectRef, len(s.entries))
	for i, e := range s.entries {
		out[i] = e.Ref
	}
	return out
}
