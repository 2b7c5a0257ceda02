package facts

// This file knows the signatures of Tasks, Pipelines and StepActions that are not in the
// set: the makers of the objects that refer to them know their params, workspaces and
// results, but not their steps or tasks. What they refer to may declare more.

// memoSignatures keeps [Spot.signature].
type memoSignatures struct {
	signatures map[any]*Entry
}

// signature returns what is known of the object to which the reference at the spot refers;
// nil if nothing is.
func (s Spot) signature() *Entry {
	root, path := s.Owner()
	if root == nil || root.Signature == nil {
		return nil
	}
	o := root.Signature(path)
	if o.IsNil() {
		return nil
	}
	set := root.set
	if known := set.signatures[o.Object]; known != nil {
		return known
	}
	if set.signatures == nil {
		set.signatures = map[any]*Entry{}
	}
	e := newEntry(set, o)
	e.signed = true
	set.signatures[o.Object] = e
	return e
}

// IsSigned reports whether only the signature of the Pipeline is known. It has other tasks,
// and may declare more.
func (p *PipelineSpec) IsSigned() bool { return p.Entry().signed }

// HasSignature reports whether the maker of the object knows the signature of what the
// reference refers to.
func (r *Ref) HasSignature() bool { return r.Spot.signature() != nil }
