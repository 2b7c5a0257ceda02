package phrase

import (
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// maxLinear is the length of a list up to which it is searched without a map.
const maxLinear = 16

// Duplicates reports each item that has the same name as an earlier item of its
// list. The list is a field of the value at s, and its items have a field "name".
// Empty names are ignored. The noun is the word for one item, such as "param".
func Duplicates[T any](p *rule.Pass, severity diag.Severity, s rule.Spot, list, noun string, items []T, name func(*T) string) {
	report := func(i, first int) {
		n := name(&items[i])
		p.Add(s.Index(list, i).Field("name"), severity, n, "two "+noun+"s have the name "+Quote(n), "rename or remove one of them",
			s.Index(list, first).Field("name").Related("the first "+noun+" with this name"))
	}
	if len(items) <= maxLinear {
		for i := range items {
			n := name(&items[i])
			for j := 0; j < i && n != ""; j++ {
				if name(&items[j]) == n {
					report(i, j)
					break
				}
			}
		}
		return
	}
	seen := make(map[string]int, len(items))
	for i := range items {
		n := name(&items[i])
		if n == "" {
			continue
		}
		if first, ok := seen[n]; ok {
			report(i, first)
			continue
		}
		seen[n] = i
	}
}
