package facts

// names are the names of the items of a list. They are collected when they are first
// asked for, and indexed so that many questions about a long list take little time.
type names struct {
	list  []string
	first map[string]int
	done  bool
}

// fewNames is the length up to which a list of names is searched without an index.
const fewNames = 16

// of returns the names, collected by the function the first time.
func (n *names) of(collect func() []string) *names {
	if !n.done {
		n.done, n.list = true, collect()
		if len(n.list) > fewNames {
			n.first = make(map[string]int, len(n.list))
			for i, name := range n.list {
				if _, ok := n.first[name]; !ok {
					n.first[name] = i
				}
			}
		}
	}
	return n
}

// index returns the index of the first item of that name; -1 if there is none.
func (n *names) index(name string) int {
	if n.first != nil {
		if i, ok := n.first[name]; ok {
			return i
		}
		return -1
	}
	for i, have := range n.list {
		if have == name {
			return i
		}
	}
	return -1
}

// has reports whether an item has that name.
func (n *names) has(name string) bool { return n.index(name) >= 0 }

// Among returns a function that reports whether a text is in the list. Many questions
// about a long list take little time.
func Among(list []string) func(text string) bool {
	return new(names).of(func() []string { return list }).has
}
