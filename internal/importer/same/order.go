package same

import v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

// Order is the order in which the tasks of a pipeline run.
type Order struct {
	names []int          // of the tasks
	index map[string]int // of all names, also of those that only other tasks refer to
	edges [][]string     // what each task refers to
	sets  [][]uint64     // what runs before each name
}

// NewOrder returns the order that runAfter and the results that tasks use give.
func NewOrder(tasks []v1.PipelineTask) *Order {
	o := &Order{index: make(map[string]int, len(tasks)), names: make([]int, len(tasks)), edges: make([][]string, len(tasks))}
	id := func(name string) int {
		i, ok := o.index[name]
		if !ok {
			i = len(o.index)
			o.index[name] = i
		}
		return i
	}
	direct := map[int][]int{}
	for i := range tasks {
		at := id(tasks[i].Name)
		o.names[i], o.edges[i] = at, tasks[i].Deps()
		for _, d := range o.edges[i] {
			direct[at] = append(direct[at], id(d))
		}
	}
	words := (len(o.index) + 63) / 64
	o.sets = make([][]uint64, len(o.index))
	for at := range direct {
		o.before(at, direct, words)
	}
	return o
}

// before computes what runs before a name. What is known for another one is not computed
// again, so a chain of tasks costs little, and a cycle is no problem.
func (o *Order) before(at int, direct map[int][]int, words int) {
	seen := make([]uint64, words)
	open := []int{at}
	for len(open) > 0 {
		n := open[len(open)-1]
		open = open[:len(open)-1]
		if known := o.sets[n]; known != nil {
			for i, w := range known {
				seen[i] |= w
			}
			continue
		}
		for _, d := range direct[n] {
			if seen[d/64]&(1<<(d%64)) == 0 {
				seen[d/64] |= 1 << (d % 64)
				open = append(open, d)
			}
		}
	}
	o.sets[at] = seen
}

// Direct returns the names of the tasks to which a task refers.
func (o *Order) Direct(task int) []string { return o.edges[task] }

// Before reports whether the task with a name runs before a task.
func (o *Order) Before(task int, name string) bool {
	i, ok := o.index[name]
	set := o.sets[o.names[task]]
	return ok && set != nil && set[i/64]&(1<<(i%64)) != 0
}

// Set is a set of tasks of an order.
type Set []uint64

// With returns a set with a task more. The set that was given is not used again.
func (o *Order) With(s Set, task int) Set {
	if s == nil {
		s = make(Set, (len(o.index)+63)/64)
	}
	i := o.names[task]
	s[i/64] |= 1 << (i % 64)
	return s
}

// Last reports whether a task that runs before another one is the last of those in some sets
// that do: all others run before it.
func (o *Order) Last(from, before int, sets ...Set) bool {
	all, known := o.sets[o.names[before]], o.sets[o.names[from]]
	at := o.names[from]
	for _, set := range sets {
		for i, w := range set {
			rest := w & all[i]
			if known != nil {
				rest &^= known[i]
			}
			if i == at/64 {
				rest &^= 1 << (at % 64)
			}
			if rest != 0 {
				return false
			}
		}
	}
	return known == nil || known[at/64]&(1<<(at%64)) == 0
}

// within reports whether all that a task refers to runs before a task of another order.
func (o *Order) within(task int, other *Order, otherTask int) bool {
	for _, name := range o.edges[task] {
		if !other.Before(otherTask, name) {
			return false
		}
	}
	return true
}
