package ignore

import (
	"cmp"
	"slices"
	"sort"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Index finds the comment that ignores a finding. It is nil if there are no such comments.
type Index map[string]map[string][]segment // by file and code

// segment is a range of lines, up to the next one, with the innermost comment about them.
type segment struct {
	line int
	by   *object.Ignore // nil if there is none
}

// NewIndex returns the index of the comments of objects. It refers to those in the slices
// Ignores. Comments without a reason are left out.
func NewIndex(objects []object.Object) Index {
	var index Index
	all := map[[2]string][]*object.Ignore{}
	for _, o := range objects {
		for i := range o.Ignores {
			if one := &o.Ignores[i]; one.Code != "" && one.Reason != "" && one.First > 0 {
				key := [2]string{one.Position.File, one.Code}
				all[key] = append(all[key], one)
			}
		}
	}
	for key, list := range all {
		if index == nil {
			index = Index{}
		}
		if index[key[0]] == nil {
			index[key[0]] = map[string][]segment{}
		}
		index[key[0]][key[1]] = segments(list)
	}
	return index
}

// segments returns the ranges of lines of comments. Items contain each other, or are apart;
// where they overlap nevertheless, the one that begins later is meant.
func segments(list []*object.Ignore) []segment {
	slices.SortStableFunc(list, func(a, b *object.Ignore) int {
		return cmp.Or(a.First-b.First, b.Last-a.Last, a.Position.Compare(b.Position))
	})
	var out []segment
	add := func(line int, by *object.Ignore) {
		if n := len(out); n > 0 && out[n-1].line == line {
			out[n-1].by = by
			return
		}
		out = append(out, segment{line, by})
	}
	var open []*object.Ignore
	end := func(before int) { // closes what ends before a line
		for len(open) > 0 && open[len(open)-1].Last < before {
			closed := open[len(open)-1]
			open = open[:len(open)-1]
			for len(open) > 0 && open[len(open)-1].Last <= closed.Last {
				open = open[:len(open)-1]
			}
			if len(open) > 0 {
				add(closed.Last+1, open[len(open)-1])
			} else {
				add(closed.Last+1, nil)
			}
		}
	}
	for _, one := range list {
		end(one.First)
		add(one.First, one)
		open = append(open, one)
	}
	end(int(^uint(0) >> 1))
	return out
}

// At returns the comment that ignores a code at a position, nil if there is none.
func (x Index) At(code string, at diag.Position) *object.Ignore {
	if x == nil {
		return nil
	}
	list := x[at.File][code]
	i := sort.Search(len(list), func(i int) bool { return list[i].line > at.Line })
	if i == 0 {
		return nil
	}
	return list[i-1].by
}
