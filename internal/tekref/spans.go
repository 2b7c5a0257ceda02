package tekref

import "iter"

// Spans returns where the variables in a script begin and end. A shell does not see them.
func Spans(script string) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for m := range Scan(script) {
			if !m.Open && Parse(m.Expr).Kind != None && !yield(m.Start, m.End) {
				return
			}
		}
	}
}
